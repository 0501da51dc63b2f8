"""The one worker, the same under every model: what it is told, and what it tells.

Messages are tuples whose first says what they are; `protocol.ts` has the same as objects. From the host:
('prepare', spec) ('go', assignment, inputs) ('tell-spans',) ('exit',). To the host: ('ready', process, thread,
os thread, at) ('prepared',) ('progress', at, tasks, cpu ms, rss) ('done', summary) ('spans', text)
('output', bytes) ('failed', words, task, frames).
"""

import os

from corescope import clock, usage


class Worker:
    def __init__(self, number, send, is_thread=False, counter=None, exchange=None, hand_back=None):
        """
        :param number: from 0
        :param send: takes a message for the host
        :param is_thread: whether it is one of several threads of its process
        :param counter: of dynamic tasks
        :param exchange: sends what it is given to the host and returns what comes back
        :param hand_back: takes what a task has returned, pickled; None where the host shares its memory
        """
        self._number = number
        self._send = send
        self._is_thread = is_thread
        self._counter = counter
        self._exchange = exchange
        self._hand_back = hand_back
        self._cpu_ms = usage.thread_cpu_ms if is_thread else usage.process_cpu_ms
        self.kernel = None
        self._spec = None
        self.work = None

    def tell_ready(self):
        thread = self._number + 1 if self._is_thread else 0
        self._send(('ready', os.getpid(), thread, usage.os_thread_id(), clock.now_ms()))

    def handle(self, message):
        """Does what it is told; returns whether there may be more."""
        try:
            return self._handle(message)
        except Exception as error:
            self.tell_failure(error)
            return True

    def _handle(self, message):
        what = message[0]
        if what == 'prepare':
            self.prepare(message[1])
        elif what == 'go':
            self.work.begin()
            self._go(*message[1:])
            self.tell_done()
        elif what == 'tell-spans':
            self._send(('spans', self.work.spans()))
        elif what == 'exit':
            self.close()
            return False
        return True

    def prepare(self, spec):
        """Loads the workload and makes its data."""
        if not self._is_thread:
            from corescope.start_folder import come_back

            come_back()
        from corescope.work import Work
        from corescope.workloads import prepare

        self._spec = spec
        self.kernel = prepare(spec, self._number, self._exchange, self._hand_back)
        self.work = Work(spec, self.kernel, self.report, self._cpu_ms, usage.switches)
        self._send(('prepared',))

    def _go(self, assignment, inputs):
        how = assignment[0]
        if inputs is not None:
            (self.kernel.take_all if how == 'dynamic' else self.kernel.take_in_turn)(inputs)
        if how == 'range':
            self.work.run(range(assignment[1], assignment[2]))
        elif how == 'until':
            from itertools import count

            _, first, step, duration_ms = assignment
            self.work.run(count(first, step), clock.seconds() + duration_ms / 1000.0)
        else:
            from corescope.assignment import taken_in_turn

            _, tasks, until_ms = assignment
            left = float('inf') if until_ms is None else (until_ms - clock.now_ms()) / 1000.0
            self.work.run(taken_in_turn(self._counter, tasks), clock.seconds() + left)

    def report(self):
        at = round(clock.now_ms(), 3)
        self._send(('progress', at, self.work.tasks, self._cpu_ms(), self._rss_bytes()))

    def tell_done(self):
        summary = self.work.summary(self._rss_bytes())
        self.report()
        self._send(('done', summary))

    def tell_failure(self, error):
        from corescope.failure import TaskFailure, frames_of, words_of

        task = None
        if isinstance(error, TaskFailure):
            task, error = error.task, error.__cause__
        task = getattr(error, 'task', None) if task is None else task
        folder = None
        if self._spec is not None and self._spec['workload'].endswith('.py'):
            folder = os.path.dirname(os.path.abspath(self._spec['workload']))
        # What has been put into words already, with frames of its own.
        frames = getattr(error, 'frames', None)
        if frames is not None:
            return self._send(('failed', str(error), task, list(frames)))
        frames = frames_of(error, folder)
        self._send(('failed', words_of(error), task, frames))

    def close(self):
        close = getattr(self.kernel, 'close', None)
        if close is not None:
            close()

    def _rss_bytes(self):
        # A thread has none of its own.
        return None if self._is_thread else usage.rss_bytes()
