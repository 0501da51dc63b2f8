"""What runs in Dask's workers: the tasks, and who does them.

A worker of the trial is a thread of a Dask worker. What it keeps between two Dask tasks, its kernel and
its account, is a seat; the seats of a process are a session, found by its name.
"""

import os
import sys
import threading

from distributed import get_worker

from corescope import clock, usage
from corescope.cluster.seat import Seat
from corescope.start_folder import come_back

_sessions = {}
_lock = threading.Lock()

# How long the threads of a Dask worker wait for each other, in s.
_meeting_seconds = 30


class Session:
    """The seats of one trial in this process."""

    def __init__(self, spec, first, count):
        self.spec = spec
        self.first = first
        self.seats = [None] * count
        # What the process had used when it began with its first task.
        self.used_before = None
        self._meeting = threading.Barrier(count)
        # A Dask worker may have more threads than the trial uses: the others wait here for a seat.
        self._seats = threading.Condition()
        self._seat_of = {}
        self._free = set(range(count))

    def meet(self):
        """Has every thread take one of the Dask tasks that are there for all of them."""
        try:
            self._meeting.wait(_meeting_seconds)
        except threading.BrokenBarrierError:
            raise RuntimeError(
                'its threads did not all begin within %d s: it is busy with other work' % _meeting_seconds
            )

    def sit_down(self):
        """The number of a seat, which nobody else has until this one gets up: this thread's own, if it is free."""
        me = threading.get_ident()
        with self._seats:
            while not self._free:
                self._seats.wait()
            number = self._seat_of.get(me)
            if number not in self._free:
                number = min(self._free)
                self._seat_of.setdefault(me, number)
            self._free.remove(number)
            return number

    def get_up(self, number):
        with self._seats:
            self._free.add(number)
            self._seats.notify()

    def begin(self):
        if self.used_before is None:
            self.used_before = used()


def used():
    """CPU time in ms and context switches of this process so far."""
    return (usage.process_cpu_ms(),) + tuple(usage.switches())


class Lease:
    """What keeps a session open: a result that the host wants, and that Dask drops when the host is gone."""

    def __init__(self, name):
        self._name = name
        self._folder = get_worker().local_directory

    def __del__(self):
        # Where the host was killed nobody else takes out what it has brought.
        if close_session(self._name):
            discard(self._folder)


def open_session(name, spec, first, count, shift_ms):
    """Makes the session of a trial: `count` workers of it, from number `first`, are of this process.

    :param shift_ms: is added to this machine's clock, so that all times are of the lab's
    """
    clock.shift_by(shift_ms)
    come_back()
    with _lock:
        _sessions[name] = Session(spec, first, count)
    return Lease(name)


def say_hello(name):
    """One for each worker of the session. Returns its number, and where it is."""
    session = _sessions[name]
    number = session.sit_down()
    try:
        session.meet()
    finally:
        session.get_up(number)
    return session.first + number, os.getpid(), usage.os_thread_id()


def prepare(name):
    """One for each worker of the session: loads its workload and makes its data. Returns what went wrong."""
    session = _sessions[name]
    number = session.sit_down()
    try:
        session.meet()
        session.seats[number] = Seat(session.spec, session.first + number)
        return session.seats[number].prepare()
    finally:
        session.get_up(number)


def do(name, batch, until, given):
    """Does the tasks of a batch, and returns what came of them.

    :param batch: number of the first, step, and how many they are
    :param until: none is begun after it, in ms
    :param given: the inputs of its tasks, pickled; None where a task has its number
    """
    session = _sessions[name]
    number = session.sit_down()
    try:
        session.begin()
        return session.seats[number].do(batch, until, given)
    finally:
        session.get_up(number)


def accounts(name):
    """What the process has used beside what its workers have, and what they have done, by their numbers."""
    session = _sessions[name]
    now = used()
    before = now if session.used_before is None else session.used_before
    return {
        'used': [end - begin for begin, end in zip(before, now)],
        'rssBytes': usage.rss_bytes(),
        'seats': {seat.worker: seat.account() for seat in session.seats},
    }


def close_session(name):
    """Closes the kernels, and forgets the trial. Returns whether it was there."""
    with _lock:
        session = _sessions.pop(name, None)
    for seat in session.seats if session is not None else ():
        if seat is not None:
            seat.close()
    return session is not None


def discard(folder):
    """Takes this package out again, unless a trial still uses it, or it is not one that was put into the folder."""
    path = __file__.partition('.zip')[0] + '.zip'
    if _sessions or os.path.dirname(path) != folder:
        return
    for name in [each for each in sys.modules if each.split('.')[0] == 'corescope']:
        del sys.modules[name]
    sys.path[:] = [each for each in sys.path if each != path]
    for each in [each for each in sys.path_importer_cache if each.startswith(path)]:
        del sys.path_importer_cache[each]
    os.remove(path)
