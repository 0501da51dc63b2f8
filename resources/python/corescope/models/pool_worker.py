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


def begin_process(shift_ms, numbers, orders, said, ends):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clock.shift_by(shift_ms)
    # What a task returns goes back with its result, as the pool sends it.
    _here.outputs = []
    make_exchange = None if ends is None else lambda number: ends[number].exchange()
    begin(numbers, orders, said, False, make_exchange, _here.outputs.append)


def begin(numbers, orders, said, is_thread, make_exchange=None, hand_back=None):
    """What a pool calls first in each of its workers.

    :param numbers: of the workers, from which each takes its own
    :param orders: what each is to prepare, when all are there
    """
    number = numbers.get()
    exchange = None if make_exchange is None else make_exchange(number)
    worker = Worker(
        number,
        lambda message: said.put((number, message)),
        is_thread,
        exchange=exchange,
        hand_back=hand_back,
    )
    _here.worker, _here.orders = worker, orders
    worker.tell_ready()
    worker.handle(('prepare', orders.get()))


def run(index):
    """A task, as the pool hands it out; returns its checksum, and what else there is to give back."""
    try:
        found = _here.worker.work.do(index)
        outputs = getattr(_here, 'outputs', None)
        return (found, outputs.pop()) if outputs else found
    except Exception as error:
        _here.worker.tell_failure(error)


def run_own(item):
    """A task of a module of the user's own, with its number and its input."""
    index, given = item
    _here.worker.kernel.take(given)
    return run(index)


def run_chunk(function, items):
    """Consecutive tasks, where the pool itself makes no chunks."""
    for item in items:
        function(item)


def nothing(_):
    """Has a pool start a worker that it would start only when it is needed."""


def tell(_):
    """After the last task: what it has done. Holds the worker until all have told, so that each tells once."""
    worker = _here.worker
    worker.tell_done()
    worker.handle(('tell-spans',))
    _here.orders.get()
    worker.close()
