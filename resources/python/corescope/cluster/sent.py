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
    import os
    import sys

    path = os.path.join(dask_worker.local_directory, 'corescope-%s.zip' % digest)
    loaded = sys.modules.get('corescope')
    origin = getattr(loaded, '__file__', None) or str(getattr(loaded, '__path__', ''))
    if loaded is not None and path not in origin:
        before = origin.partition('.zip')[0] + '.zip'
        if not os.path.basename(before).startswith('corescope-'):
            return 'it has a package named corescope already, at %s' % origin
        sessions = getattr(sys.modules.get('corescope.cluster.task'), '_sessions', None)
        if sessions:
            return 'another trial of another version of Corescope runs there'
        for name in [each for each in sys.modules if each.split('.')[0] == 'corescope']:
            del sys.modules[name]
        if os.path.dirname(before) == dask_worker.local_directory:
            sys.path[:] = [each for each in sys.path if each != before]
            for each in [each for each in sys.path_importer_cache if each.startswith(before)]:
                del sys.path_importer_cache[each]
            os.remove(before)
    # Another trial may read from it, and it is the same.
    if not os.path.exists(path):
        with open(path + '.part', 'wb') as file:
            file.write(package)
        os.replace(path + '.part', path)
    sys.path[:] = [path] + [each for each in sys.path if each != path]
    import corescope.cluster.task

    found = corescope.cluster.task.__file__
    return None if path in found else 'it has a package named corescope already, at %s' % found


def take_out(dask_worker):
    """Has the package take itself out again."""
    import sys

    loaded = sys.modules.get('corescope.cluster.task')
    if loaded is not None:
        loaded.discard(dask_worker.local_directory)


def whereabouts():
    """What tells machines that share a clock from others, and a process there from others of it."""
    import os
    import platform

    try:
        with open('/proc/sys/kernel/random/boot_id') as file:
            machine = file.read().strip()
        # Two containers of a machine may have processes of the same number.
        numbers = os.readlink('/proc/self/ns/pid')
    except OSError:
        machine, numbers = platform.node(), None
    return machine, numbers, os.getpid()


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
