"""The host itself as the only worker: messages are function calls."""

from corescope import clock
from corescope.crew import Crew
from corescope.worker import Worker


class Inline(Crew):
    starts_workers = False

    def __init__(self, spec):
        Crew.__init__(self, spec)
        self._worker = Worker(0, lambda message: self.hear(0, message), exchange=lambda sent: sent)

    def start(self):
        self.members[0].start_called_at = clock.now_ms()
        self._worker.tell_ready()

    def send(self, worker, message):
        if not self._worker.handle(message):
            self.lose(worker, '')

    def receive(self, seconds):
        """All has been heard when `send` returns."""

    def kill(self, worker):
        self.lose(worker, '')
