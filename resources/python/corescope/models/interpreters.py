"""A sub-interpreter for each worker, with an interpreter lock of its own, in a thread of the host's process."""

import os
import sys
import threading
from queue import Empty, SimpleQueue

from corescope import clock
from corescope.crew import Crew
from corescope.failure import TrialFailure, words_of
from corescope.models.message_pipe import PipeCounter, receive, send

# What is searched for modules is the host's own, that of a virtual environment too.
_program = """
import sys
sys.path[:] = path
from corescope.models.interpreter_worker import main
main(*arguments)
"""


class Interpreters(Crew):
    def __init__(self, spec):
        Crew.__init__(self, spec)
        self._said = SimpleQueue()
        self._to_workers = []
        self._how_ended = {}
        self._counting = None

    def start(self):
        """
        :raises TrialFailure: where this Python has no sub-interpreters
        """
        create = creator()
        if self.spec['scheduling'] == 'dynamic':
            self._counting = os.pipe()
            PipeCounter(*self._counting).__exit__()
        for number, member in enumerate(self.members):
            hearing, to_worker = os.pipe()
            from_worker, telling = os.pipe()
            self._to_workers.append(to_worker)
            arguments = (number, hearing, telling, self._counting, clock.shift())
            # The others must be able to go on, and the host to go, while one does not.
            run = threading.Thread(
                target=self._run, args=(create, arguments), name='worker %d' % number, daemon=True
            )
            hear = threading.Thread(
                target=self._hear, args=(number, from_worker), name='from %d' % number, daemon=True
            )
            member.start_called_at = clock.now_ms()
            run.start()
            hear.start()

    def _run(self, create, arguments):
        """The thread that the sub-interpreter runs in."""
        number, _, telling = arguments[:3]
        how = 'its interpreter has ended'
        try:
            interpreter = create()
            interpreter.prepare_main(path=tuple(map(str, sys.path)), arguments=arguments)
            interpreter.exec(_program)
            interpreter.close()
        except Exception as error:
            # Of what is raised in another interpreter only a summary gets here.
            raised = getattr(error, 'excinfo', None)
            how = words_of(error) if raised is None else raised.formatted
        self._how_ended[number] = how
        os.close(telling)

    def _hear(self, number, from_worker):
        while True:
            try:
                message = receive(from_worker)
            except EOFError:
                # All that it has said has been heard before it is lost.
                self._said.put((number, self._how_ended[number]))
                os.close(from_worker)
                return
            if message[0] == 'exchange':
                self.send(number, message[1])
            else:
                self._said.put((number, message))

    def send(self, worker, message):
        send(self._to_workers[worker], message)

    def receive(self, seconds):
        try:
            worker, message = self._said.get(timeout=seconds)
        except Empty:
            return
        if isinstance(message, str):
            self.lose(worker, message)
        else:
            self.hear(worker, message)

    def kill(self, worker):
        """It is given up: it ends with the host."""
        self.lose(worker, '')


def creator():
    """What makes a sub-interpreter.

    :raises TrialFailure: where this Python has no sub-interpreters
    """
    try:
        from concurrent.interpreters import create
    except ImportError:
        version = '%d.%d' % sys.version_info[:2]
        raise TrialFailure(
            'sub-interpreters need Python 3.14 or later: this is Python ' + version
        ) from None
    return create
