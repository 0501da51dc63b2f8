"""What a process or a thread has used so far. A figure that is not to be had is None."""

import os
import sys
import threading
import time

try:
    import resource
except ImportError:
    # Windows has none.
    resource = None


def process_cpu_ms():
    return time.process_time_ns() / 1e6


def thread_cpu_ms():
    """Of the thread that asks."""
    return time.thread_time_ns() / 1e6


def switches():
    """Context switches of this process so far, voluntary and not, all its threads together."""
    if resource is None:
        return 0, 0
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_nvcsw, usage.ru_nivcsw


def rss_bytes():
    """Resident set of this process now.

    The standard library tells only the largest that it ever was, which is another figure.
    """
    if sys.platform.startswith('linux'):
        try:
            with open('/proc/self/statm', 'rb', buffering=0) as file:
                return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')
        except (OSError, IndexError, ValueError):
            return None
    if sys.platform == 'win32':
        from corescope.working_set import working_set_bytes

        return working_set_bytes()
    return None


def os_thread_id():
    """The system's number of the thread that asks."""
    try:
        return threading.get_native_id()
    except AttributeError:
        return None
