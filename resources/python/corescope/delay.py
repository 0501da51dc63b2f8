"""How responsive the host stays while work goes on."""

import threading
import time

from corescope import clock
from corescope.task_times import bucket_of, percentile_ms

_step = 0.02


class HostDelay:
    """A thread of the host that asks to be woken every 20 ms, and notes by how much it is woken too late.

    It is what another thread of the same program would suffer: under the interpreter lock it must wait
    for the lock too. The 20 ms are those of the Node host.
    """

    def __init__(self):
        self._counts = {}
        self._goes_on = True
        self._thread = threading.Thread(target=self._run, name='delay', daemon=True)
        self._thread.start()

    def _run(self):
        now, counts = clock.seconds, self._counts
        before = now()
        # Once at the least: the work may be over before this thread gets its turn.
        while True:
            time.sleep(_step)
            after = now()
            bucket = bucket_of(max(0.0, after - before - _step))
            counts[bucket] = counts.get(bucket, 0) + 1
            if not self._goes_on:
                return
            before = after

    def end(self):
        """The 99th percentile of the delays, in ms."""
        self._goes_on = False
        self._thread.join()
        return percentile_ms(self._counts, 0.99)
