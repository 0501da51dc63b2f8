"""`multiprocessing.Pool`: static work as `map` with one chunk for each worker, dynamic as `imap` of single tasks."""

from corescope import clock
from corescope.models.pool_processes import PoolOfProcesses


class Pool(PoolOfProcesses):
    def open(self, context, initializer, arguments):
        called_at = clock.now_ms()
        self._pool = context.Pool(len(self.members), initializer, arguments)
        self.note_started(called_at)

    def work(self, tasks):
        if self.spec['scheduling'] == 'static':
            self._pool.map(*self.items(tasks), chunksize=self.chunk(tasks))
        else:
            for _ in self._pool.imap_unordered(*self.items(tasks)):
                pass

    def submit(self, function, argument, then=None):
        self._pool.apply_async(function, (argument,), callback=then, error_callback=then)

    def close(self):
        self._pool.close()
