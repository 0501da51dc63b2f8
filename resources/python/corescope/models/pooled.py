"""What the pools have in common: who does which task is up to them, and workers come and go with them."""

import threading

from corescope import clock
from corescope.crew import Crew
from corescope.failure import words_of
from corescope.models.pool_worker import nothing, run, run_own, tell

# Tasks that are under way for each worker, where the pool is fed: one that it does, one that waits.
_under_way = 2


class Pooled(Crew):
    """A pool is opened with `start`; `work` hands it all tasks and returns when they are done.

    A model says how: `start`, `receive`, `submit`, `work`, `close`, and what `numbers` and `orders` its workers take.
    """

    def __init__(self, spec):
        Crew.__init__(self, spec)
        self.orders = None
        self.numbers = None
        self._has_fed = False

    def submit(self, function, argument, then=None):
        """Has the pool call a function; `then` is called with something when it has."""
        raise NotImplementedError

    def work(self, tasks):
        """Hands out tasks of the numbers below; returns when all are done."""
        raise NotImplementedError

    def close(self):
        """Has the workers go when they have nothing left to do."""
        raise NotImplementedError

    def note_fed(self, problem):
        """Called in the thread that feeds the pool; has `receive` call `hear_fed` in the host's own."""
        raise NotImplementedError

    def number_workers(self):
        for worker in range(len(self.members)):
            self.numbers.put(worker)

    def prepare(self):
        self.make_inputs()
        for _ in self.members:
            self.orders.put(self.spec)
        self.wait_until(lambda: all(member.is_prepared for member in self.members))

    def release(self, released_at, report):
        self._report = report
        threading.Thread(target=self._feed, args=(released_at,), name='feeder', daemon=True).start()

    def _feed(self, released_at):
        problem = None
        try:
            tasks, duration_ms = self.spec['tasks'], self.spec['durationMs']
            if tasks is None:
                self.feed(None, released_at + duration_ms)
            else:
                self.work(tasks)
        except Exception as error:
            problem = words_of(error)
        self.note_fed(problem)

    def feed(self, tasks, until_ms=None):
        """Hands out one task after the other, and no more than are needed to keep all workers at work."""
        places = _under_way * len(self.members)
        free = threading.Semaphore(places)
        index = 0
        while tasks is None or index < tasks:
            free.acquire()
            if until_ms is not None and clock.now_ms() >= until_ms:
                free.release()
                break
            self.submit(*self.item(index), lambda _: free.release())
            index += 1
        for _ in range(places):
            free.acquire()

    def items(self, tasks):
        """What a pool maps over, and the function that it calls with each."""
        if not self.spec['workload'].endswith('.py'):
            return run, range(tasks)
        return run_own, [self.item(index)[1] for index in range(tasks)]

    def item(self, index):
        """The function that does a task, and its argument."""
        if not self.spec['workload'].endswith('.py'):
            return run, index
        return run_own, (index, index if self.inputs is None else self.inputs.of_task(index))

    def hear_fed(self, problem):
        if problem is not None:
            from corescope.failure import TrialFailure

            raise TrialFailure('the pool failed: ' + problem)
        self._has_fed = True
        for member in self.members:
            member.is_done = True

    def is_done(self):
        return self._has_fed

    def ask_for_spans(self):
        for worker in range(len(self.members)):
            self.submit(tell, worker)
        self.wait_until(lambda: all(each.spans is not None for each in self.members))
        for member in self.members:
            # One that got no task was never let go.
            if member.summary['tasks'] == 0:
                moment = max(member.summary['endedAt'], clock.now_ms())
                member.summary.update(startedAt=moment, endedAt=moment)

    def tear_down(self):
        self.is_ending = True
        for member in self.members:
            member.end_called_at = clock.now_ms()
            # They wait for each other to tell.
            self.orders.put(None)
        self.close()
        self.wait_until_gone()
        return self.results()

    def start_all(self, noted):
        """For pools that start a worker only when there is something to do and nobody is free.

        :param noted: is called after each start with the time of the call
        """
        for _ in self.members:
            called_at = clock.now_ms()
            self.submit(nothing, None)
            noted(called_at)

    def chunk(self, tasks):
        """Size of the chunks of which each worker gets one."""
        return -(-tasks // len(self.members))
