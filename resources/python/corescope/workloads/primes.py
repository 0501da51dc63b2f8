"""Counts the primes below n by trial division: pure computation, hardly any memory.

In plain Python; where the variant names a kernel that was compiled (`build_kernels.py`), by that.
"""


class Primes:
    def __init__(self, n, count=None):
        self._n = n
        self._count = count_primes if count is None else count

    def task(self, index):
        return self._count(self._n)


def prepare(parameters, context):
    n = int(parameters['n'])
    if any(word.startswith(('ctypes', 'cython')) for word in context.words):
        from corescope.compiled import load_primes

        return Primes(n, load_primes(context.kernels, context.words))
    return Primes(n)


def count_primes(n):
    """Number of primes below `n`, each candidate divided by the odd numbers up to its root."""
    count = 1 if n > 2 else 0
    for candidate in range(3, n, 2):
        divisor = 3
        while divisor * divisor <= candidate and candidate % divisor != 0:
            divisor += 2
        if divisor * divisor > candidate:
            count += 1
    return count
