"""What runs in processes that do not have this package, or not yet: it is sent by its code, and so brings all
that it names."""

import types


def by_value(function):
    """The function as one that no module has: Dask then sends its code instead of its name."""
    sent = types.FunctionType(function.__code__, {}, function.__name__, function.__defaults__)
    sent.__module__ = '__main__'
    return sent


def run_in_corescope(name, *arguments):
    """Calls a function of `corescope.cluster.task`, by its name.

    Dask keeps functions that it has been sent: one of our module would be that of the version before.
    """
    from importlib import import_module

    return getattr(import_module('corescope.cluster.task'), name)(*arguments)


def receive(package, digest, dask_worker):
    """Puts the package where Python finds it. Returns what is in the way, or None."""
    import importlib
    import os
    import sys

    path = os.path.join(dask_worker.local_directory, 'corescope-%s.zip' % digest)
    loaded = sys.modules.get('corescope')
    if loaded is not None and path not in (getattr(loaded, '__file__', None) or ''):
        sessions = getattr(sys.modules.get('corescope.cluster.task'), '_sessions', None)
        if sessions:
            return 'another trial of another version of Corescope runs there'
        for name in [each for each in sys.modules if each.split('.')[0] == 'corescope']:
            del sys.modules[name]
        before = loaded.__file__.partition('.zip')[0] + '.zip'
        if os.path.dirname(before) == dask_worker.local_directory:
            sys.path[:] = [each for each in sys.path if each != before]
            os.remove(before)
    with open(path, 'wb') as file:
        file.write(package)
    sys.path[:] = [path] + [each for each in sys.path if each != path]
    importlib.invalidate_caches()
    import corescope.cluster.task

    found = corescope.cluster.task.__file__
    return None if path in found else 'it has a package named corescope already, at %s' % found


def discard(dask_worker):
    """Takes the package out again, unless a trial still uses it."""
    import os
    import sys

    task = sys.modules.get('corescope.cluster.task')
    if task is None or task._sessions:
        return
    path = task.__file__.partition('.zip')[0] + '.zip'
    for name in [each for each in sys.modules if each.split('.')[0] == 'corescope']:
        del sys.modules[name]
    if os.path.dirname(path) == dask_worker.local_directory:
        sys.path[:] = [each for each in sys.path if each != path]
        sys.path_importer_cache.pop(path, None)
        os.remove(path)


async def limit(resource, count, dask_worker):
    """Has the worker do so many tasks of ours at once."""
    await dask_worker.set_resources(**{resource: count})


def machine():
    """What tells machines that share a clock from others."""
    import platform

    try:
        with open('/proc/sys/kernel/random/boot_id') as file:
            return file.read().strip()
    except OSError:
        return platform.node()


def digest_of(path):
    """Of a file's content; None where there is none that can be read."""
    import hashlib

    try:
        with open(path, 'rb') as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None


def clock_ms():
    import sys
    import time

    return (time.monotonic() if sys.platform.startswith('linux') else time.perf_counter()) * 1000


def reading_of_scheduler():
    """CPU time of the scheduler's process in ms, and its resident set."""
    import time

    import psutil

    return {'cpuMs': time.process_time() * 1000, 'rss': psutil.Process().memory_info().rss}


def read_worker(dask_worker):
    """What the Dask worker itself has counted so far."""
    from corescope.cluster.figures import reading_of_worker

    return reading_of_worker(dask_worker)


run_in_corescope = by_value(run_in_corescope)
read_worker = by_value(read_worker)
