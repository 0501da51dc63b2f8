"""When tasks began and ended, in a fixed amount of memory: as `worker/task-spans.ts` does it."""

from array import array

_most_of_worker = 2000
_most_of_trial = 8000
_fewest_of_worker = 64


def spans_kept(workers):
    """How many spans are kept of each worker: an even number."""
    share = 2 * (_most_of_trial // workers // 2)
    return max(_fewest_of_worker, min(_most_of_worker, share))


class TaskSpans:
    """Of all tasks at first; when it is full, of every second one, then of every fourth."""

    def __init__(self, most):
        """:param most: an even number"""
        self._most = most
        self._starts = array('d')
        self._ends = array('d')
        # The next span is recorded after so many tasks.
        self.every = 1

    def record(self, start, end):
        """Takes a span, in seconds; the caller passes over `every` - 1 tasks before the next."""
        if len(self._starts) == self._most:
            self._starts = self._starts[::2]
            self._ends = self._ends[::2]
            self.every *= 2
        self._starts.append(start)
        self._ends.append(end)

    def taken(self, ms_of):
        """Start and end of each in turn, as little-endian doubles in base64."""
        from binascii import b2a_base64
        from sys import byteorder

        times = array('d')
        for start, end in zip(self._starts, self._ends):
            times.append(ms_of(start))
            times.append(ms_of(end))
        if byteorder == 'big':
            times.byteswap()
        return b2a_base64(times.tobytes(), newline=False).decode('ascii')
