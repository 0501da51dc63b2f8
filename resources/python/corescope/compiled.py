"""Kernels that `build_kernels.py` has compiled for this interpreter: their names, files, and how to load them."""

import os
import sys

# A kernel as the variant names it, and the file it was compiled to.
CTYPES, NOGIL, PRANGE = 'ctypes', 'cython nogil', 'cython prange'
_modules = {NOGIL: 'primes_nogil', PRANGE: 'primes_prange'}


def file_of(kernel):
    """Its name in the folder of kernels."""
    if kernel == CTYPES:
        return 'primes.dll' if sys.platform == 'win32' else 'primes.so'
    from importlib.machinery import EXTENSION_SUFFIXES

    return _modules[kernel] + EXTENSION_SUFFIXES[0]


def load_primes(folder, words):
    """The function that counts primes below a number, as the variant's words have it.

    :raises ValueError: where it has not been compiled
    """
    kernel = next(word for word in words if word in (CTYPES, NOGIL, PRANGE))
    path = None if folder is None else os.path.join(folder, file_of(kernel))
    if path is None or not os.path.exists(path):
        raise ValueError(
            'the kernel %s has not been compiled for %s; build_kernels.py says why'
            % (kernel, sys.executable)
        )
    if kernel == CTYPES:
        from ctypes import CDLL

        # A function called through it runs without the interpreter lock.
        return CDLL(path).count_primes
    count = _extension(_modules[kernel], path).count_primes
    if kernel == NOGIL:
        return count
    threads = _threads_in(words)
    return lambda n: count(n, threads)


def _extension(name, path):
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(name, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _threads_in(words):
    """Of `2 threads`; as many as there are cores for us where no word says how many."""
    for word in words:
        number, _, unit = word.partition(' ')
        if unit in ('thread', 'threads') and number.isdigit():
            return max(1, int(number))
    if hasattr(os, 'sched_getaffinity'):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
