"""The pools of `concurrent.futures`: static work in one chunk for each worker, dynamic one task after the other."""

import threading
from concurrent import futures
from queue import Empty, SimpleQueue

from corescope import clock
from corescope.models.pool_processes import PoolOfProcesses
from corescope.models.pool_worker import begin, run_chunk
from corescope.models.pooled import Pooled


class _Executing:
    """Both executors are given a function, and call another when it is done."""

    _executor = None

    def submit(self, function, argument, then=None):
        future = self._executor.submit(function, argument)
        if then is not None:
            future.add_done_callback(then)


class ProcessPool(_Executing, PoolOfProcesses):
    def open(self, context, initializer, arguments):
        self._executor = futures.ProcessPoolExecutor(
            len(self.members), mp_context=context, initializer=initializer, initargs=arguments
        )
        if not hasattr(self._executor, '_adjust_process_count'):
            # PyPy 3.9 has lost the method by which it would start one worker after the other.
            self._executor._safe_to_dynamically_spawn_children = False
        self.start_all(self.note_started)

    def work(self, tasks):
        if self.spec['scheduling'] == 'static':
            for _ in self._executor.map(*self.items(tasks), chunksize=self.chunk(tasks)):
                pass
        else:
            self.feed(tasks)

    def close(self):
        # Without waiting, 3.8 may lose its workers; and waited for they are by their ends.
        threading.Thread(target=self._executor.shutdown, name='shutdown', daemon=True).start()


class ThreadPool(_Executing, Pooled):
    def start(self):
        self._said = SimpleQueue()
        self.numbers, self.orders = SimpleQueue(), SimpleQueue()
        self._threads = [None] * len(self.members)
        self._executor = futures.ThreadPoolExecutor(len(self.members), initializer=self._begin)
        self.number_workers()
        called_at = []
        self.start_all(called_at.append)
        for member, each in zip(self.members, called_at):
            member.start_called_at = each

    def _begin(self):
        make_exchange = None
        if self.spec['workload'] == 'messages':
            from corescope.models.threads import echo_through_queues

            def make_exchange(_):
                return echo_through_queues()
        begin(self.numbers, self.orders, _WithThread(self._said), True, make_exchange)

    def work(self, tasks):
        if self.spec['scheduling'] == 'static':
            size = self.chunk(tasks)
            function, items = self.items(tasks)
            chunks = [
                self._executor.submit(run_chunk, function, items[first : first + size])
                for first in range(0, tasks, size)
            ]
            futures.wait(chunks)
        else:
            self.feed(tasks)

    def note_fed(self, problem):
        self._said.put((None, None, problem))

    def receive(self, seconds):
        try:
            thread, worker, message = self._said.get(timeout=seconds)
        except Empty:
            return
        if thread is None:
            self.hear_fed(message)
            return
        self._threads[worker] = thread
        self.hear(worker, message)

    def close(self):
        self._executor.shutdown(wait=False)

    def wait_until_gone(self):
        deadline = clock.seconds() + 1.0
        for worker, thread in enumerate(self._threads):
            # One that does not go cannot be ended: it ends with the host.
            thread.join(max(0.0, deadline - clock.seconds()))
            self.lose(worker, '')

    def kill(self, worker):
        self.lose(worker, '')


class _WithThread:
    """Notes which thread speaks, so that its end can be waited for."""

    def __init__(self, said):
        self._said = said

    def put(self, numbered):
        self._said.put((threading.current_thread(), *numbered))
