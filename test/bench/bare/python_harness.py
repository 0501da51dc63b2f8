"""The work of one worker in Python, with nothing around it: what the lab's harness is measured against.

    python_harness.py throughput primes|sha256 threads|processes TASKS
    python_harness.py throughput squares pool TASKS
    python_harness.py spawn threads|processes

Prints tasks in a second, or the ms from the start of a worker to its first sign of life.
"""

import sys
from time import monotonic


def kernel_of(workload):
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, os.path.join(here, '..', '..', '..', 'resources', 'python'))
    if workload == 'primes':
        from corescope.workloads.primes import count_primes

        return lambda: count_primes(20000)
    from hashlib import sha256

    buffer = os.urandom(1024 * 1024)
    return lambda: sha256(buffer).digest()


def work(workload, tasks, tell, wait):
    task = kernel_of(workload)
    tell('ready')
    wait()
    for _ in range(tasks):
        task()
    tell('done')


def work_in_process(workload, tasks, connection):
    work(workload, tasks, connection.send, connection.recv)


def square(number):
    return number * number


def say(tell):
    tell('ready')


def say_in_process(connection):
    connection.send('ready')


def throughput(workload, model, tasks):
    if model == 'pool':
        from multiprocessing import get_context

        with get_context('spawn').Pool(1) as pool:
            # Until its worker is there.
            pool.apply(square, (1,))
            start = monotonic()
            for _ in pool.imap_unordered(square, range(tasks)):
                pass
            return tasks / (monotonic() - start)
    if model == 'processes':
        from multiprocessing import get_context

        context = get_context('spawn')
        ours, theirs = context.Pipe()
        context.Process(target=work_in_process, args=(workload, tasks, theirs)).start()
        tell, hear = ours.send, ours.recv
    else:
        from queue import SimpleQueue
        from threading import Thread

        said, inbox = SimpleQueue(), SimpleQueue()
        Thread(target=work, args=(workload, tasks, said.put, inbox.get)).start()
        tell, hear = inbox.put, said.get
    hear()
    start = monotonic()
    tell('go')
    hear()
    return tasks / (monotonic() - start)


def spawn(model):
    if model == 'processes':
        from multiprocessing import get_context

        context = get_context('spawn')
        ours, theirs = context.Pipe()
        start = monotonic()
        context.Process(target=say_in_process, args=(theirs,)).start()
        hear = ours.recv
    else:
        from queue import SimpleQueue
        from threading import Thread

        said = SimpleQueue()
        start = monotonic()
        Thread(target=say, args=(said.put,)).start()
        hear = said.get
    hear()
    return (monotonic() - start) * 1000


if __name__ == '__main__':
    if sys.argv[1] == 'spawn':
        print(spawn(sys.argv[2]))
    else:
        print(throughput(sys.argv[2], sys.argv[3], int(sys.argv[4])))
