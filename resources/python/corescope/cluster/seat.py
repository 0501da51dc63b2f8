"""The account of one worker of a trial on Dask, which it keeps from one Dask task to the next."""

import os
import pickle

from corescope import clock, usage
from corescope.cluster.orders import batch_ms
from corescope.failure import TaskFailure, frames_of, words_of
from corescope.work import Work
from corescope.workloads import prepare


class Remembering:
    """A kernel that keeps what it has found: a batch returns it, as a function under Dask returns its result."""

    def __init__(self, kernel):
        self.found = []
        self._task = kernel.task
        self.verify = getattr(kernel, 'verify', None)

    def task(self, index):
        found = self._task(index)
        self.found.append(found)
        return found


def _exchange(payload):
    raise RuntimeError('a task of Dask has no channel to the host; allowed: the runtimes node and python')


class Seat:
    def __init__(self, spec, worker):
        self.worker = worker
        self._spec = spec
        self._used = [0.0, 0, 0]
        self._kernel = None
        self._remembering = None
        self._work = None
        self._has_begun = False

    def prepare(self):
        """Returns what went wrong as (words, task, frames), or None."""
        try:
            self._kernel = prepare(self._spec, self.worker, _exchange)
        except Exception as error:
            return self._told(error)
        self._remembering = Remembering(self._kernel)
        self._work = Work(
            self._spec,
            self._remembering,
            report=lambda: None,
            cpu_ms=lambda: self._used[0],
            switches=lambda: self._used[1:],
        )
        return None

    def do(self, batch, until, given):
        """Does a batch with what its tasks are given, and leaves its rest to others where it takes too long, or there is no more time."""
        first, step, count = batch
        work = self._work
        before, tasks_before = _used_by_thread(), work.tasks
        if not self._has_begun:
            self._has_begun = True
            work.begin()
        self._remembering.found = []
        if given is not None:
            self._kernel.take_in_turn(pickle.loads(given))
        failure = None
        started_at = clock.now_ms()
        if started_at < until:
            give_up_at = min(until, started_at + batch_ms)
            seconds = clock.seconds() + (give_up_at - started_at) / 1000.0
            try:
                work.run(range(first, first + step * count, step), seconds)
            except TaskFailure as error:
                failure = self._told(error)
        ended_at = clock.now_ms()
        for at, (begin, end) in enumerate(zip(before, _used_by_thread())):
            self._used[at] += end - begin
        return {
            'worker': self.worker,
            'checksums': self._remembering.found,
            'tookMs': ended_at - started_at,
            'failure': failure,
            'progress': (ended_at, work.tasks, self._used[0], usage.rss_bytes()),
            'done': work.tasks - tasks_before,
        }

    def account(self):
        return {
            'summary': self._work.summary(None),
            'spans': self._work.spans(),
            'used': list(self._used),
            'hasBegun': self._has_begun,
        }

    def close(self):
        close = getattr(self._kernel, 'close', None)
        if close is not None:
            close()

    def _told(self, error):
        task = None
        if isinstance(error, TaskFailure):
            task, error = error.task, error.__cause__
        frames = getattr(error, 'frames', None)
        if frames is not None:
            return str(error), task, list(frames)
        workload = self._spec['workload']
        folder = os.path.dirname(os.path.abspath(workload)) if workload.endswith('.py') else None
        return words_of(error), task, frames_of(error, folder)


def _used_by_thread():
    """CPU time in ms and context switches of the thread that asks."""
    try:
        import resource

        counted = resource.getrusage(resource.RUSAGE_THREAD)
        switches = counted.ru_nvcsw, counted.ru_nivcsw
    except (ImportError, AttributeError):
        # Linux alone counts them for a thread.
        switches = 0, 0
    return (usage.thread_cpu_ms(),) + switches
