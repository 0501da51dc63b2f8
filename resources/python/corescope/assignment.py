"""Which tasks a worker does."""


def assignment_for(spec, worker, starts_workers, released_at):
    """What a worker is told at the release of the barrier, as `scheduling.ts` says it."""
    tasks, workers, duration_ms = spec['tasks'], spec['workers'], spec['durationMs']
    if spec['scheduling'] == 'dynamic' and starts_workers:
        return 'dynamic', tasks, None if duration_ms is None else released_at + duration_ms
    if tasks is None:
        return 'until', worker, workers, duration_ms or 0
    return 'range', worker * tasks // workers, (worker + 1) * tasks // workers


class Counter:
    """Number of the next task, for workers that share memory; processes have `multiprocessing.Value`."""

    def __init__(self):
        from threading import Lock

        self.value = 0
        self._lock = Lock()

    def get_lock(self):
        return self._lock


def taken_in_turn(counter, tasks):
    """Numbers of the tasks that a worker takes from a counter that all share.

    :param tasks: how many there are; None where the clock decides
    """
    lock = counter.get_lock()
    while True:
        with lock:
            index = counter.value
            counter.value = index + 1
        if tasks is not None and index >= tasks:
            return
        yield index
