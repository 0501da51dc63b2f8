"""Workers count together, in the way that the variant names, and it is seen how far they came.

Threads share an object, processes a `multiprocessing.Value`. Nothing here helps updates to get lost: each
way counts as people do, and whether the interpreter lets another thread in between is up to it.
"""

from corescope import clock
from corescope.ending import unlink_names

# How long the workers have to get ready, in s.
_patience = 60.0


def observe(spec, begin):
    words = (spec['variant'] or '').split(', ')
    from corescope.probes.counting import WAYS

    way = next((word for word in words if word in WAYS), None)
    if way is None:
        raise ValueError('races knows no way to count that is called %s' % spec['variant'])
    updates = int(spec['parameters']['messages' if way == 'message' else 'updates'])
    count_together = _in_threads if spec['model'] == 'threads' else _in_processes
    begun, ended, counted = count_together(spec, way, updates, begin)
    expected = spec['workers'] * updates
    elapsed_ms = (ended - begun) * 1000.0
    return {
        'updates': expected,
        'counted': counted,
        'lost': expected - counted,
        'lost_percent': 100.0 * (expected - counted) / expected,
        'elapsed_ms': elapsed_ms,
        # Of one worker: they count at the same time.
        'per_update_ns': elapsed_ms * 1e6 / updates,
    }


def _in_threads(spec, way, updates, begin):
    """When the first began and the last ended, on `clock.seconds`, and what has been counted."""
    from queue import SimpleQueue
    from threading import Barrier, Lock, Thread

    from corescope.probes.counting import Counter, WAYS

    workers = spec['workers']
    counter, lock, told = Counter(), Lock(), SimpleQueue()
    ready = Barrier(workers + 1)

    def run():
        ready.wait()
        from_ = clock.seconds()
        WAYS[way](counter, lock, updates, told.put)
        told.put((from_, clock.seconds(), 0))

    for _ in range(workers):
        Thread(target=run, daemon=True).start()
    begin()
    ready.wait(_patience)
    messages, ends = _hear(told.get, workers)
    return _span(way, ends) + (messages + counter.value,)


def _in_processes(spec, way, updates, begin):
    from corescope.models.start_method import context_for
    from corescope.probes.counting_process import main

    workers = spec['workers']
    context = context_for(spec)
    # Without a lock of its own: whoever counts decides whether to take one.
    value = context.Value('q', 0, lock=False)
    # An event would wait for a counter that has been killed before it could hear of it.
    lock, go = context.Lock(), context.Semaphore(0)
    pipes, processes = [], []
    for _ in range(workers):
        ours, theirs = context.Pipe(duplex=False)
        arguments = (theirs, value, lock, go, way, updates, clock.shift())
        process = context.Process(target=main, args=arguments)
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:
        # Else a worker that cannot start would be waited for for ever.
        if not pipe.poll(_patience):
            raise ValueError('a counter did not get ready in time')
        _received(pipe)
    unlink_names()
    begin()
    for _ in range(workers):
        go.release()
    messages, ends = _hear(_of_any(pipes), workers)
    for process in processes:
        process.join()
    own = sum(end[2] for end in ends)
    return _span(way, ends) + (messages + value.value + own,)


def _hear(receive, workers):
    """How many messages have come until the last has told of its end, and what each told then."""
    messages, ends = 0, []
    while len(ends) < workers:
        said = receive()
        if said == 1:
            messages += 1
        else:
            # Its messages have been heard before.
            ends.append((*said, clock.seconds()))
    return messages, ends


def _of_any(pipes):
    """Receives from whoever has said something."""
    from multiprocessing.connection import wait

    open_pipes, heard = list(pipes), []

    def receive():
        while not heard:
            for pipe in wait(open_pipes):
                said = _received(pipe)
                if said != 1:
                    open_pipes.remove(pipe)
                heard.append(said)
        return heard.pop(0)

    return receive


def _received(pipe):
    try:
        return pipe.recv()
    except EOFError:
        raise ValueError('a counter ended before its time')


def _span(way, ends):
    # Of a message the update is only there where it is heard.
    last = 3 if way == 'message' else 1
    return min(end[0] for end in ends), max(end[last] for end in ends)
