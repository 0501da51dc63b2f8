"""A process that counts, on a counter of all or on its own. Who is spawned imports this, and little else."""

import signal

from corescope import clock
from corescope.probes.counting import WAYS, Counter


def main(connection, value, lock, go, way, updates, shift_ms):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clock.shift_by(shift_ms)
    own = Counter()
    counter = own if way == 'own counter' else value
    connection.send('ready')
    go.acquire()
    begun = clock.seconds()
    WAYS[way](counter, lock, updates, connection.send)
    connection.send((begun, clock.seconds(), own.value))
