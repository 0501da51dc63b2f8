"""Counts the primes below n by trial division: pure computation, hardly any memory."""


class Primes:
    def __init__(self, n):
        self._n = n

    def task(self, index):
        return count_primes(self._n)


def prepare(parameters, context):
    return Primes(int(parameters['n']))


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
