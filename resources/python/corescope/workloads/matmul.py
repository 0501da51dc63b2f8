"""Multiplies two matrices of doubles, row by row: computation that lives in the cache.

In plain Python; where the variant says `numpy`, by NumPy and the library of linear algebra beneath it.
"""

from corescope.workloads.made_once import made_once
from corescope.workloads.random_stream import random_bytes

# Products that differ: each takes the rows of the first matrix from another one on.
_turns = 4
# Weights of rows and columns, primes so that they seldom agree.
_row_cycle, _column_cycle = 97, 89


class Matmul:
    def __init__(self, n, seed):
        self._left, self._right = made_once(_matrices, n, seed)
        self._row_weights = weights(n, _row_cycle)
        self._column_weights = weights(n, _column_cycle)

    def task(self, index):
        turn = index % _turns % len(self._left)
        product = multiply(self._left[turn:] + self._left[:turn], self._right)
        return int(sum(
            weight * sum(map(float.__mul__, row, self._column_weights))
            for weight, row in zip(self._row_weights, product)
        ))


def prepare(parameters, context):
    n = int(parameters['n'])
    if 'numpy' in context.words:
        from corescope.workloads.matmul_numpy import MatmulNumpy

        return MatmulNumpy(entries(n, context.seed), weights(n, _row_cycle), weights(n, _column_cycle))
    return Matmul(n, context.seed)


def multiply(left, right):
    """In the order row, inner, column, so that each of the three is walked along its rows.

    :param left: rows, each a list of floats; so are `right` and what is returned
    """
    product = []
    for left_row in left:
        sums = [0.0] * len(right[0])
        for factor, right_row in zip(left_row, right):
            sums = [held + factor * each for held, each in zip(sums, right_row)]
        product.append(sums)
    return product


def entries(n, seed):
    """Of both matrices, the first before the second: the low three bits, −4 to 3 with 4 taken off.

    Of whole numbers every sum of products is exact, in whatever order it is taken.
    """
    return made_once(random_bytes, 2 * n * n, seed)


def _matrices(n, seed):
    # Eight floats that all entries share.
    values = [(each & 7) - 4.0 for each in range(256)]
    flat = [values[each] for each in random_bytes(2 * n * n, seed)]
    rows = [flat[at : at + n] for at in range(0, len(flat), n)]
    return rows[:n], rows[n:]


def weights(n, cycle):
    return [place % cycle + 1.0 for place in range(n)]
