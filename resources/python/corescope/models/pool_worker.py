"""What runs in the workers of a pool. A process that is spawned imports this, and as little else as can be.

Tasks come as the pool hands them out; all else goes past it: what a worker says through a pipe that all
share, what it waits for through queues of which each worker takes one item at a time.
"""

import signal
import threading

from corescope import clock
from corescope.worker import Worker

# A process has one worker, which the pool calls in its main thread; in a pool of threads each has its own.
_here = threading.local()


class SharedPipe:
    """The one pipe through which all processes of a pool speak."""

    def __init__(self, connection, lock):
        self._connection = connection
        self._lock = lock

    def put(self, message):
        with self._lock:
            self._connection.send(message)


def begin_process(shift_ms, numbers, orders, said):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clock.shift_by(shift_ms)
    begin(numbers, orders, said, False)


def begin(numbers, orders, said, is_thread, make_exchange=None):
    """What a pool calls first in each of its workers.

    :param numbers: of the workers, from which each takes its own
    :param orders: what each is to prepare, when all are there
    """
    number = numbers.get()
    exchange = None if make_exchange is None else make_exchange()
    worker = Worker(number, lambda message: said.put((number, message)), is_thread, exchange=exchange)
    _here.worker, _here.orders = worker, orders
    worker.tell_ready()
    worker.handle(('prepare', orders.get()))


def run(index):
    """A task, as the pool hands it out; returns its checksum."""
    try:
        return _here.worker.work.do(index)
    except Exception as error:
        _here.worker.tell_failure(error)


def run_own(item):
    """A task of a module of the user's own, with its input; returns what the task returned."""
    worker = _here.worker
    index, given = item
    kernel = worker.kernel
    kernel.take(given)
    run(index)
    output, kernel.output = kernel.output, None
    if worker.is_thread:
        return output
    from corescope.own.kernel import not_sent
    from corescope.own.pickling import Pickled

    try:
        return Pickled(output)
    except Exception as error:
        worker.tell_failure(not_sent(output, error, index))


def run_chunk(function, items):
    """Consecutive tasks, where the pool itself makes no chunks."""
    for item in items:
        function(item)


def nothing():
    """Has a pool start a worker that it would start only when it is needed."""


def tell(_):
    """After the last task: what it has done. Holds the worker until all have told, so that each tells once."""
    worker = _here.worker
    worker.tell_done()
    worker.handle(('tell-spans',))
    _here.orders.get()
    worker.close()
