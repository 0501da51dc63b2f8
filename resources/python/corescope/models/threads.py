"""A `threading.Thread` for each worker, in the host's process."""

import threading
from queue import Empty, SimpleQueue

from corescope import clock
from corescope.assignment import Counter
from corescope.crew import Crew
from corescope.worker import Worker


class Threads(Crew):
    def __init__(self, spec):
        Crew.__init__(self, spec)
        self._said = SimpleQueue()
        self._inboxes = [SimpleQueue() for _ in self.members]
        self._counter = Counter()

    def start(self):
        for worker, member in enumerate(self.members):
            # A thread cannot be ended from outside: the host must be able to go without it.
            thread = threading.Thread(
                target=self._run, args=(worker,), name='worker %d' % worker, daemon=True
            )
            member.start_called_at = clock.now_ms()
            thread.start()

    def _run(self, number):
        said, inbox = self._said, self._inboxes[number]
        worker = Worker(
            number,
            lambda message: said.put((number, message)),
            is_thread=True,
            counter=self._counter,
            exchange=echo_through_queues() if exchanges(self.spec) else None,
        )
        worker.tell_ready()
        while worker.handle(inbox.get()):
            pass
        said.put((number, None))

    def send(self, worker, message):
        self._inboxes[worker].put(message)

    def receive(self, seconds):
        try:
            worker, message = self._said.get(timeout=seconds)
        except Empty:
            return
        if message is None:
            self.lose(worker, 'its thread has ended')
        else:
            self.hear(worker, message)

    def kill(self, worker):
        """It is given up: it ends with the host."""
        self.lose(worker, '')


def exchanges(spec):
    return spec['workload'] == 'messages'


def echo_through_queues():
    """A round trip to another thread of the host, which sends back what it gets: no copy is made."""
    there, back = SimpleQueue(), SimpleQueue()

    def echo():
        while True:
            back.put(there.get())

    def exchange(payload):
        there.put(payload)
        return back.get()

    threading.Thread(target=echo, name='echo', daemon=True).start()
    return exchange
