"""The workers of a trial, from the first start to the last exit. The twin of `host/crew.ts`."""

from corescope import clock
from corescope.assignment import assignment_for
from corescope.failure import TrialFailure

# A worker that has not gone this long after it was asked to is ended, in s.
polite_seconds = 1.0
# How long the workers have to tell of their single tasks; that of one that does not is not known.
_telling_seconds = 5.0
# Intervals after which the host reports though not all workers have told: one may be in a long task.
_patience = 1.5


class Member:
    """What is known of one worker."""

    def __init__(self):
        self.process_id = 0
        self.thread_id = 0
        self.os_thread_id = None
        self.start_called_at = 0.0
        self.ready_at = None
        self.is_prepared = False
        self.end_called_at = 0.0
        self.exited_at = None
        self.progress = None
        self.is_done = False
        self.summary = None
        self.spans = None


class Crew:
    """What all models have in common. Each step raises TrialFailure, in words, where a worker fails.

    A model says how workers are started, told, heard and ended: `start`, `send`, `receive`, `kill`.
    """

    starts_workers = True
    separate_processes = False

    def __init__(self, spec):
        self.spec = spec
        self.members = [Member() for _ in range(spec['workers'])]
        self._told = set()
        self._report = None
        self._next_report = None
        self.is_ending = False
        # Of the tasks of a module of the user's own; None where they have their number.
        self.inputs = None

    # What a model has to be able to do.

    def start(self):
        """Starts all workers, and notes when each was called."""
        raise NotImplementedError

    def send(self, worker, message):
        raise NotImplementedError

    def receive(self, seconds):
        """Hears what workers have said, and loses those that are gone; waits for it so long at most."""
        raise NotImplementedError

    def kill(self, worker):
        """Ends it at once, whatever it is doing, where that can be done."""
        raise NotImplementedError

    # The steps of a trial.

    def spawn(self):
        """Starts all workers at once; returns when the last is ready."""
        if self.separate_processes:
            from corescope.start_folder import Elsewhere

            with Elsewhere():
                self.start()
        else:
            self.start()
        # 30 s, and half a second for each.
        if not self.wait_until(self._all_ready, 30.0 + 0.5 * len(self.members)):
            missing = sum(member.ready_at is None for member in self.members)
            raise TrialFailure(
                '%d of %d workers did not get ready in time' % (missing, len(self.members))
            )

    def prepare(self):
        """Has each worker load its workload and make its data."""
        self.make_inputs()
        for worker in range(len(self.members)):
            self.send(worker, ('prepare', self.spec))
        self.wait_until(lambda: all(member.is_prepared for member in self.members))

    def make_inputs(self):
        if self.spec['workload'].endswith('.py'):
            from corescope.own.inputs import inputs_of

            are_sent = self.separate_processes or self.spec['model'] == 'interpreters'
            self.inputs = inputs_of(self.spec, are_sent)

    def release(self, released_at, report):
        """Lets all workers go, one right after the other.

        :param report: is called whenever all workers have told what they have done so far
        """
        self._report = report
        for worker in range(len(self.members)):
            assignment = assignment_for(self.spec, worker, self.starts_workers, released_at)
            inputs = None if self.inputs is None else self.inputs.of_assignment(assignment)
            self.send(worker, ('go', assignment, inputs))

    def wait_until_done(self, interval):
        """Returns when the last worker has done its last task.

        :param interval: in s
        """
        patience = _patience * interval
        self._next_report = clock.seconds() + patience
        while not self.is_done():
            left = self._next_report - clock.seconds()
            if left <= 0:
                self._tell_report()
                self._next_report = clock.seconds() + patience
                left = patience
            told = len(self._told)
            self.receive(left)
            if told > 0 and len(self._told) == 0:
                self._next_report = clock.seconds() + patience
        self._report = None

    def is_done(self):
        return all(member.is_done for member in self.members)

    def ask_for_spans(self):
        """Has the workers tell when their tasks began and ended: after what is measured, before they end."""
        for worker in range(len(self.members)):
            self.send(worker, ('tell-spans',))
        self.wait_until(lambda: all(each.spans is not None for each in self.members), _telling_seconds)

    def tear_down(self):
        """Ends all workers: asks first, and after a second asks no more."""
        self.is_ending = True
        for worker, member in enumerate(self.members):
            member.end_called_at = clock.now_ms()
            self.send(worker, ('exit',))
        self.wait_until_gone()
        return self.results()

    def wait_until_gone(self):
        if not self.wait_until(self._all_gone, polite_seconds):
            for worker, member in enumerate(self.members):
                if member.exited_at is None:
                    self.kill(worker)
            self.wait_until(self._all_gone)

    def wait_until(self, is_so, seconds=None):
        """Hears the workers until it is so; returns whether it is, after so long at most."""
        deadline = None if seconds is None else clock.seconds() + seconds
        while not is_so():
            # Without a deadline too it wakes now and then: nothing depends on that.
            left = 60.0 if deadline is None else deadline - clock.seconds()
            if left <= 0:
                return False
            self.receive(left)
        return True

    def abandon(self):
        """The trial has failed: its workers end with the host."""

    def account_for(self, result):
        """What there is to say of the trial beside its workers."""

    # What the workers say.

    def hear(self, worker, message):
        member, what = self.members[worker], message[0]
        if what == 'progress':
            member.progress = message
            if self._report is not None:
                self._told.add(worker)
                if len(self._told) == len(self.members):
                    self._tell_report()
        elif what == 'ready':
            _, member.process_id, member.thread_id, member.os_thread_id, member.ready_at = message
        elif what == 'prepared':
            member.is_prepared = True
        elif what == 'done':
            member.summary = message[1]
            member.is_done = True
        elif what == 'spans':
            member.spans = message[1]
        elif what == 'failed':
            _, words, task, frames = message
            where = '' if task is None else ' in task %d' % task
            self.fail(worker, 'failed%s: %s' % (where, words), frames)

    def lose(self, worker, how):
        """A worker is gone.

        :param how: in words
        """
        member = self.members[worker]
        if member.exited_at is None:
            member.exited_at = clock.now_ms()
        if not self.is_ending:
            self.fail(worker, 'ended before its time: ' + how)

    def fail(self, worker, what, frames=()):
        raise TrialFailure('%s %s' % (self._name_of(worker), what), frames)

    def _name_of(self, worker):
        if not self.starts_workers:
            return 'the host'
        member = self.members[worker]
        if self.separate_processes:
            return 'worker %d (process %d)' % (worker, member.process_id)
        return 'worker %d (thread %d)' % (worker, member.thread_id)

    def _tell_report(self):
        self._told.clear()
        self._report()

    def _all_ready(self):
        return all(member.ready_at is not None for member in self.members)

    def _all_gone(self):
        return all(member.exited_at is not None for member in self.members)

    # What the lab is told of them.

    def identities(self):
        return [
            {
                'processId': member.process_id,
                'threadId': member.thread_id,
                'osThreadId': member.os_thread_id,
            }
            for member in self.members
        ]

    def report(self):
        """What each worker said last, a list for each figure."""
        said = [member.progress or ('progress', None, 0, 0, None) for member in self.members]
        _, at, tasks, cpu_ms, rss_bytes = zip(*said)
        return {
            'at': at,
            'tasks': tasks,
            'cpuMs': cpu_ms,
            'rssBytes': rss_bytes,
            'heapUsedBytes': [None] * len(said),
            'isDone': [member.is_done for member in self.members],
        }

    def results(self):
        results = self.identities()
        for result, member in zip(results, self.members):
            result.update(
                startCalledAt=member.start_called_at,
                readyAt=member.ready_at,
                endCalledAt=member.end_called_at,
                exitedAt=member.exited_at,
                summary=member.summary,
                spans=member.spans,
            )
        return results
