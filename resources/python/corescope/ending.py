"""How a host ends, and all that it has started with it."""

import os
import signal
import sys
import threading

# How long servants have to end, and what a task has made to be given back, in s: a folder takes its time on
# a busy machine, and what hangs there is the task's own.
_servants_seconds = 0.5
_giving_back_seconds = 2.0


def prepare():
    """To be called before there are workers: Ctrl-C is the app's to decide on, and nobody outlives the host."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == 'win32':
        from corescope.job_object import enter_job_object

        enter_job_object()


def end_group():
    """Ends this process and its workers at once, whatever they are doing."""
    if hasattr(os, 'killpg') and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    # Not the leader of a group: it was not the lab that started us.
    os._exit(1)


def end_workers():
    """Ends the workers that are still there: after a failure."""
    multiprocessing = sys.modules.get('multiprocessing')
    if multiprocessing is None:
        return
    for process in multiprocessing.active_children():
        process.kill()
    for process in multiprocessing.active_children():
        process.join(_servants_seconds)


def unlink_names():
    """Takes the names of semaphores out of the system: who has one open keeps it, and who is killed leaves none behind.

    To be called when all workers have what they were given, or none is to have it any more. Else the names stay
    for ever where the whole group is killed, the tracker of resources with it.
    """
    synchronize = sys.modules.get('multiprocessing.synchronize')
    if synchronize is None:
        return
    registry = sys.modules['multiprocessing.util']._finalizer_registry
    for finalizer in list(registry.values()):
        if getattr(finalizer, '_callback', None) is synchronize.SemLock._cleanup:
            try:
                finalizer()
            except OSError:
                # Somebody else has.
                pass


def stop_servants():
    """Ends what `multiprocessing` has started beside the workers: the tracker of resources, the fork server.

    They go when nobody holds their pipe any more. A process that a task has left behind may: then they
    are not waited for, and end with our group.
    """
    if 'multiprocessing' in sys.modules:
        # Else the tracker would complain of what has not been given back, and a task's folder would stay.
        _within(_giving_back_seconds, _give_back)
        _within(_servants_seconds, _stop_servants)


def _within(seconds, function):
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    thread.join(seconds)


def _give_back():
    try:
        sys.modules['multiprocessing.util']._run_finalizers()
    except Exception:
        pass


def _stop_servants():
    for module, servant in (('forkserver', '_forkserver'), ('resource_tracker', '_resource_tracker')):
        loaded = sys.modules.get('multiprocessing.' + module)
        stop = getattr(getattr(loaded, servant, None), '_stop', None)
        try:
            if stop is not None:
                stop()
        except Exception:
            # It ends by itself when we do.
            pass
