"""Which tasks go into the next Dask task.

A Dask task costs its scheduler about a millisecond, whatever it does, so that Dask's own guide has
users put small tasks together until one takes a tenth of a second
(https://docs.dask.org/en/stable/best-practices.html, "Avoid too many tasks").
"""

from collections import deque

# Longest that the tasks of a batch are to take together, in ms.
batch_ms = 100
# Most tasks in a batch.
batch_tasks = 65536
# How much larger a batch may be than the one before it.
growth = 4


class Lane:
    """Tasks that are handed out in turn: of one worker under static scheduling, else of all.

    The task at position p has the number first + p * step. A batch begins with one task, and takes as
    many as fit into 100 ms if each takes as long as those of the batch before; as work that is
    shared runs out, no more than half of an equal share of what is left.
    """

    def __init__(self, first, step, count, workers):
        """count is None where there is no end to them; workers is how many share the lane."""
        self._first = first
        self._step = step
        self._end = count
        self._next = 0
        self._workers = workers
        self._returned = deque()
        self._size = 1

    def take(self):
        """The next batch as (number of its first task, step, how many); None where none is left."""
        if self._returned:
            start, count = self._returned.popleft()
            if count > self._size:
                self._returned.appendleft((start + self._size, count - self._size))
                count = self._size
        else:
            count = self._size
            if self._end is not None:
                left = self._end - self._next
                if left <= 0:
                    return None
                share = left if self._workers == 1 else max(1, left // (2 * self._workers))
                count = min(count, left, share)
            start = self._next
            self._next += count
        return (self._first + start * self._step, self._step, count)

    def settle(self, batch, done, took_ms):
        """A batch has come back with so many of its tasks done: the rest is handed out again."""
        first, step, count = batch
        if done < count:
            start = (first - self._first) // step + done
            self._returned.append((start, count - done))
        if done == 0:
            return
        fitting = int(batch_ms * done / took_ms) if took_ms > 0 else batch_tasks
        self._size = max(1, min(fitting, growth * done, batch_tasks))


def lanes_of(spec):
    """The lanes of a trial and how many workers each has: one for each worker, or one for all."""
    workers, tasks = spec['workers'], spec['tasks']
    if spec['scheduling'] == 'dynamic':
        return [Lane(0, 1, tasks, workers)]
    if tasks is None:
        return [Lane(worker, workers, None, 1) for worker in range(workers)]
    lanes = []
    for worker in range(workers):
        start = worker * tasks // workers
        end = (worker + 1) * tasks // workers
        lanes.append(Lane(start, 1, end - start, 1))
    return lanes
