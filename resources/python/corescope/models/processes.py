"""A `multiprocessing.Process` for each worker, with a `Connection` of its own to the host."""

from corescope import clock
from corescope.crew import Crew
from corescope.ending import unlink_names
from corescope.failure import words_of_exit
from corescope.models.process_worker import main
from corescope.models.start_method import context_for
from corescope.models.watching import Watched


class Processes(Crew):
    separate_processes = True

    def __init__(self, spec):
        Crew.__init__(self, spec)
        self._processes = []
        self._connections = []
        self._watched = None
        self._transports = []
        # Kept until the end: what is shared is gone with the last who knows it here.
        self._counter = None

    def start(self):
        # What the host of these workers needs is no part of the host at its baseline.
        context = context_for(self.spec)
        self._watched = Watched()
        if self.spec['scheduling'] == 'dynamic':
            self._counter = context.Value('q', 0)
        for worker, member in enumerate(self.members):
            ours, theirs = context.Pipe()
            exchange_with = self._open_transport(context)
            arguments = (worker, theirs, clock.shift(), self._counter, exchange_with)
            process = context.Process(target=main, args=arguments)
            member.start_called_at = clock.now_ms()
            process.start()
            # Else the end of the worker would not be the end of its connection.
            theirs.close()
            member.process_id = process.pid
            self._processes.append(process)
            self._connections.append(ours)
            self._watched.add(ours, ('said', worker))
            self._watched.add(process.sentinel, ('ended', worker))
        for transport in self._transports:
            transport.start()

    def spawn(self):
        try:
            Crew.spawn(self)
        finally:
            unlink_names()
            for transport in self._transports:
                transport.attached()

    def _open_transport(self, context):
        """What a worker exchanges texts with; None where its workload exchanges none."""
        if self.spec['workload'] != 'messages':
            return None
        from corescope.transports import open_transport

        words = (self.spec['variant'] or '').split(', ')
        transport = open_transport(words, context, int(self.spec['parameters']['size_bytes']))
        self._transports.append(transport)
        return transport.end

    def send(self, worker, message):
        try:
            self._connections[worker].send(message)
        except (BrokenPipeError, ConnectionError):
            # A worker that has just died is heard of by its exit.
            pass

    def receive(self, seconds):
        for what, worker in self._watched.ready(seconds):
            if what == 'said':
                self._hear_all(worker)
            else:
                self._end(worker)

    def _hear_all(self, worker):
        connection = self._connections[worker]
        try:
            while connection.poll():
                self.hear(worker, connection.recv())
        except (EOFError, OSError):
            # Killed in the middle of a message is OSError.
            self._watched.remove(connection)

    def _end(self, worker):
        process = self._processes[worker]
        self._watched.remove(process.sentinel)
        # What it said last says more than its exit does.
        self._hear_all(worker)
        self._watched.remove(self._connections[worker])
        process.join()
        self.lose(worker, words_of_exit(process.exitcode))

    def kill(self, worker):
        self._processes[worker].kill()
