# cython: language_level=3, cdivision=True
"""Counts the primes below n by trial division, in threads of OpenMP that share the candidates."""

from cython.parallel cimport prange


def count_primes(int n, int threads):
    cdef int count = 1 if n > 2 else 0
    cdef int candidate, divisor
    # Larger candidates take longer: who is done takes the next thousand.
    for candidate in prange(3, n, 2, nogil=True, num_threads=threads, schedule='dynamic', chunksize=1000):
        divisor = 3
        while divisor * divisor <= candidate and candidate % divisor != 0:
            divisor = divisor + 2
        if divisor * divisor > candidate:
            count += 1
    return count
