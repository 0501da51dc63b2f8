"""The processes of a pool as its host watches them: a pool replaces those that die, or waits for ever."""

import multiprocessing
import signal

from corescope import clock
from corescope.ending import unlink_names
from corescope.failure import TrialFailure, words_of_exit
from corescope.models.pool_worker import begin_process
from corescope.models.pooled import Pooled
from corescope.models.shared_pipe import Heard, SharedPipe
from corescope.models.start_method import context_for
from corescope.models.watching import Watched

# How long the pool may take to tell how processes ended that it has waited for, in s.
_telling_seconds = 10.0


class PoolOfProcesses(Pooled):
    separate_processes = True

    def __init__(self, spec):
        Pooled.__init__(self, spec)
        self._processes = {}
        self._start_called_at = {}
        self._transports = []

    def start(self):
        # Nothing of this is part of the host at its baseline.
        context = context_for(self.spec)
        self._watched = Watched()
        hearing, speaking = context.Pipe(duplex=False)
        self._fed, self._feeding = context.Pipe(duplex=False)
        self._heard, self._said = Heard(hearing), SharedPipe(speaking, context.Lock())
        self.numbers, self.orders = context.SimpleQueue(), context.SimpleQueue()
        self.number_workers()
        arguments = (clock.shift(), self.numbers, self.orders, self._said, self._ends(context))
        self.open(context, begin_process, arguments)
        self._watched.add(hearing, self._hear_all)
        self._watched.add(self._fed, lambda: self.hear_fed(self._fed.recv()))
        for transport in self._transports:
            transport.start()

    def _ends(self, context):
        """What the workers exchange texts with, one for each; None where their workload exchanges none."""
        if self.spec['workload'] != 'messages':
            return None
        from corescope.transports import open_transport

        words = (self.spec['variant'] or '').split(', ')
        size = int(self.spec['parameters']['size_bytes'])
        self._transports = [open_transport(words, context, size) for _ in self.members]
        return [transport.end for transport in self._transports]

    def spawn(self):
        try:
            Pooled.spawn(self)
        finally:
            unlink_names()
            for transport in self._transports:
                transport.attached()

    def open(self, context, initializer, arguments):
        """Makes the pool, and all its workers."""
        raise NotImplementedError

    def note_started(self, called_at):
        """Watches the processes that are there since the call."""
        for process in multiprocessing.active_children():
            if process.pid not in self._processes:
                self._processes[process.pid] = process
                self._start_called_at[process.pid] = called_at
                self._watched.add(process.sentinel, process.pid)

    def receive(self, seconds):
        ready = self._watched.ready(seconds)
        # A pool that is broken says so of all its tasks: why is said by the worker that has ended.
        self._end([each for each in ready if not callable(each)])
        for each in ready:
            if callable(each):
                each()

    def _hear_all(self):
        for worker, message in self._heard.messages():
            self.hear(worker, message)
            if message[0] == 'ready':
                member = self.members[worker]
                member.start_called_at = self._start_called_at[member.process_id]

    def _end(self, process_ids):
        if process_ids:
            # What they said last says more than their exit does.
            self._hear_all()
        ended = []
        deadline = clock.seconds() + _telling_seconds
        for process_id in process_ids:
            process = self._processes[process_id]
            self._watched.remove(process.sentinel)
            ended.append((_exit_code(process, deadline), process_id))
        # A pool that loses a worker ends the others itself: the one that was lost first is the reason.
        ended.sort(key=lambda each: each[0] == -signal.SIGTERM)
        for code, process_id in ended:
            self._lose_process(process_id, words_of_exit(code))

    def _lose_process(self, process_id, how):
        for worker, member in enumerate(self.members):
            if member.process_id == process_id:
                return self.lose(worker, how)
        if not self.is_ending:
            raise TrialFailure('a worker (process %d) ended before its time: %s' % (process_id, how))

    def note_fed(self, problem):
        self._feeding.send(problem)

    def kill(self, worker):
        process_id = self.members[worker].process_id
        self._processes[process_id].kill()
        # What a task has forked may hold the pipe by which its end would be heard of.
        self._end([process_id])


def _exit_code(process, deadline):
    """The pool waits for its processes too, and whoever comes second hears nothing for a moment."""
    while process.exitcode is None and clock.seconds() < deadline:
        process.join(0.01)
    return process.exitcode
