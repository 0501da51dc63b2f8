"""The worker of `processes`. A process that is spawned imports this, and as little else as can be."""

import signal

from corescope import clock
from corescope.worker import Worker


def main(number, connection, shift_ms, counter, exchange_with):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clock.shift_by(shift_ms)
    exchange = None
    if exchange_with is not None:
        exchange = exchange_with.exchange()

    def hand_back(output):
        connection.send(('output', output))

    worker = Worker(
        number, connection.send, counter=counter, exchange=exchange, hand_back=hand_back
    )
    try:
        worker.tell_ready()
        while worker.handle(connection.recv()):
            pass
    except (EOFError, ConnectionError):
        # A worker whose host is gone has nothing left to do.
        pass
