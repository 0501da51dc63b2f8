"""The product of two matrices by NumPy.

The library of linear algebra beneath it would use every core by itself: a worker is to use one, like
every other, unless the user's environment says how many.
"""

import os

for _name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'BLIS_NUM_THREADS'):
    os.environ.setdefault(_name, '1')

import numpy  # noqa: E402

_turns = 4


class MatmulNumpy:
    def __init__(self, entries, row_weights, column_weights):
        """
        :param entries: of both matrices, as bytes
        """
        n = len(row_weights)
        both = (numpy.frombuffer(entries, numpy.uint8) & 7).astype(numpy.float64) - 4
        self._left, self._right = both.reshape(2, n, n)
        self._product = numpy.empty((n, n))
        self._row_weights = numpy.array(row_weights)
        self._column_weights = numpy.array(column_weights)

    def task(self, index):
        turned = numpy.roll(self._left, -(index % _turns), axis=0)
        numpy.matmul(turned, self._right, out=self._product)
        return int(self._row_weights @ (self._product @ self._column_weights))
