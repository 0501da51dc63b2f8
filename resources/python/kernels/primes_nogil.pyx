# cython: language_level=3, cdivision=True
"""Counts the primes below n by trial division, without the interpreter lock."""


def count_primes(int n):
    cdef int count = 1 if n > 2 else 0
    cdef int candidate = 3
    cdef int divisor
    with nogil:
        while candidate < n:
            divisor = 3
            while divisor * divisor <= candidate and candidate % divisor != 0:
                divisor += 2
            if divisor * divisor > candidate:
                count += 1
            candidate += 2
    return count
