"""The work window as one worker sees it: does tasks, times each, checks each, reports between two."""

from math import frexp, inf

from corescope import clock
from corescope.failure import TaskFailure
from corescope.task_spans import TaskSpans, spans_kept
from corescope.task_times import taken


class Work:
    """What a worker has done so far."""

    def __init__(self, spec, kernel, report, cpu_ms, switches):
        """
        :param report: is called between two tasks, after each interval
        :param cpu_ms: CPU time of the worker so far
        :param switches: context switches of its process so far
        """
        self._kernel = kernel
        self._report = report
        self._interval = spec['intervalMs'] / 1000.0
        self._expected = spec['expected']
        self._cpu_ms = cpu_ms
        self._switches = switches
        self._counts = {}
        self._spans = TaskSpans(spans_kept(spec['workers']))
        self._until_span = 1
        self.tasks = 0
        self._index_sum = 0
        self._wrong = 0
        self._first_wrong = None
        self._busy = 0.0
        self._found = None
        self.begin()

    def begin(self):
        """What was used before is not the work's."""
        self._started = self._ended = self._next_report = clock.seconds()
        self._cpu_before = self._cpu_ms()
        self._switches_before = self._switches()

    def run(self, indices, until=inf):
        """Does tasks until there are none any more, or one ends after `until`, on `clock.seconds`.

        :raises TaskFailure: from what a task has raised
        """
        # All that a task costs beside its work is here: names that are local are found fastest.
        now, task, counts, spans = clock.seconds, self._kernel.task, self._counts, self._spans
        check = self._checking()
        tasks, index_sum, busy = self.tasks, self._index_sum, self._busy
        next_report, until_span = self._next_report, self._until_span
        index = end = found = None
        try:
            for index in indices:
                start = now()
                found = task(index)
                end = now()
                took = end - start
                busy += took
                tasks += 1
                index_sum += index
                # As `task_times.bucket_of`, without a call.
                mantissa, exponent = frexp(took * 1e9)
                bucket = exponent * 128 + int(mantissa * 256.0)
                counts[bucket] = counts.get(bucket, 0) + 1
                until_span -= 1
                if until_span == 0:
                    spans.record(start, end)
                    until_span = spans.every
                check(index, found)
                if end >= next_report:
                    next_report = end + self._interval
                    self.tasks = tasks
                    self._report()
                if end >= until:
                    break
        except Exception as error:
            raise TaskFailure(index) from error
        self.tasks, self._index_sum, self._busy = tasks, index_sum, busy
        self._next_report, self._until_span = next_report, until_span
        if end is not None:
            self._ended, self._found = end, found

    def do(self, index):
        """One task, where somebody else says which is next; returns its checksum."""
        if self.tasks == 0:
            # What the pool did to have it do nothing, so that all its workers were there, is not the work's.
            self.begin()
        self.run((index,))
        return self._found

    def _checking(self):
        expected, verify = self._expected, getattr(self._kernel, 'verify', None)
        if expected is None:
            def check(index, found):
                if verify is None or not verify(index, found):
                    self._note_wrong(index, found)
        else:
            length = len(expected)

            def check(index, found):
                if found != expected[index % length]:
                    self._note_wrong(index, found)
        return check

    def _note_wrong(self, index, found):
        self._wrong += 1
        if self._first_wrong is None:
            self._first_wrong = {'index': index, 'found': found}

    def summary(self, rss_bytes):
        """What it comes to; the CPU time and the switches are those until now."""
        cpu_ms = self._cpu_ms() - self._cpu_before
        voluntary, involuntary = self._switches()
        return {
            'startedAt': clock.ms_of(self._started),
            'endedAt': clock.ms_of(self._ended),
            'tasks': self.tasks,
            'indexSum': self._index_sum,
            'wrong': self._wrong,
            'firstWrong': self._first_wrong,
            'busyMs': self._busy * 1000.0,
            'cpuMs': cpu_ms,
            'voluntarySwitches': voluntary - self._switches_before[0],
            'involuntarySwitches': involuntary - self._switches_before[1],
            'rssBytes': rss_bytes,
            # Python does not tell how much of its heap is in use.
            'heapUsedBytes': None,
            'times': taken({bucket - 256: count for bucket, count in self._counts.items()}),
        }

    def spans(self):
        return self._spans.taken(clock.ms_of)
