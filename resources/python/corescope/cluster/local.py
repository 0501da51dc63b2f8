"""A cluster of this machine, as `LocalCluster` starts it: N processes of T threads."""

import asyncio
import logging
import os
import tempfile
from multiprocessing import resource_tracker

import dask
from distributed import Client, LocalCluster

from corescope.clock import now_ms
from corescope.cluster.place import DaskWorker
from corescope.ending import unlink_names
from corescope.failure import words_of_exit

# Nothing listens beyond this machine, and nothing is shown: no dashboard, no pages.
_settings = {
    'distributed.scheduler.http.routes': [],
    'distributed.worker.http.routes': [],
    'distributed.scheduler.allowed-failures': 0,
    'distributed.diagnostics.nvml': False,
}


# A worker that has not gone this long after it was asked to is ended, in s.
_polite_seconds = 1
# How often it is looked, every 10 ms, how a process has ended.
_exit_patience = 500
# And how often whether all nannies know their workers.
_nanny_patience = 2000


def shape_of(spec):
    """(processes, threads of each) of a trial: the variant's words say it where it is neither's default."""
    for word in (spec['variant'] or '').split(', '):
        processes, cross, threads = word.partition(' × ')
        if cross and processes.isdigit() and threads.isdigit():
            return (int(processes), int(threads))
    return (1, spec['workers']) if spec['model'] == 'threads' else (spec['workers'], 1)


class LocalPlace:
    """Its scheduler and nannies are in this process; its workers are processes of this one's group."""

    is_ours = True
    name = 'the local cluster of Dask'
    gone = 'the local cluster of Dask is gone; start the run again'

    def __init__(self, spec):
        self._processes, self._threads = shape_of(spec)
        self._folder = spec['folder']
        self._private = None
        self._cluster = None
        self._numbers = iter(range(self._processes))
        self._nannies = {}
        self._processes_at = {}
        self.client = None
        # It would be started from a thread that nannies have for that: who watches the host and what its
        # main thread has started would not see it.
        if os.name == 'posix':
            resource_tracker.ensure_running()

    async def open(self):
        """Starts the scheduler, and the client beside it."""
        dask.config.set(_settings)
        if self._folder is None:
            self._private = tempfile.TemporaryDirectory(prefix='corescope-dask-')
        self._cluster = await LocalCluster(
            n_workers=0,
            threads_per_worker=self._threads,
            processes=True,
            host='127.0.0.1',
            protocol='tcp',
            dashboard_address=None,
            scheduler_kwargs={'dashboard': False, 'dashboard_address': '127.0.0.1:0'},
            silence_logs=logging.CRITICAL,
            # The lab ends a trial that takes too much: a nanny that did it first would say less.
            memory_limit=0,
            local_directory=self._folder or self._private.name,
            asynchronous=True,
        )
        # Without a dashboard they would still listen for its readers, and on all addresses.
        self._cluster.new_spec['options'].update(dashboard=False, dashboard_address='127.0.0.1:0')
        self.client = await Client(self._cluster, asynchronous=True, set_as_default=False)

    async def gather(self, arrived):
        """Starts the workers; `arrived` is called with each as it comes."""
        self._start_called_at = now_ms()
        self._arrived = arrived
        self._cluster.scale(self._processes)

    def joined(self, address):
        number = next(self._numbers, None)
        if number is None:
            return
        first = number * self._threads
        self._arrived(DaskWorker(address, first, self._threads, self._start_called_at))

    async def ready(self, workers):
        """All are there: from now on it is known how one of them ends."""
        unlink_names()
        # A nanny hears a little later than the scheduler that its worker is there.
        for _ in range(_nanny_patience):
            nannies = {nanny.pid: nanny for nanny in self._cluster.workers.values()}
            if all(worker.process_id in nannies for worker in workers):
                break
            await asyncio.sleep(0.01)
        for worker in workers:
            nanny = nannies.get(worker.process_id)
            if nanny is not None:
                self._nannies[worker.address] = nanny
                self._processes_at[worker.address] = nanny.process.process

    def whereabouts(self, worker):
        return '' if worker.process_id is None else ' (process %d)' % worker.process_id

    def name_of(self, worker):
        number = 'worker %d' % worker.first
        if worker.count > 1:
            number = 'the process of workers %d to %d' % (worker.first, worker.numbers[-1])
        return number + self.whereabouts(worker)

    async def ending_of(self, worker):
        """How its process ended, in words."""
        # What `exitcode` would tell, if it could be asked when its nanny has let go of the process.
        state = getattr(self._processes_at.get(worker.address), '_state', None)
        code = getattr(state, 'exitcode', None)
        patience = _exit_patience
        while code is None and patience > 0:
            await asyncio.sleep(0.01)
            patience -= 1
            code = getattr(state, 'exitcode', None)
        return words_of_exit(code)

    async def end_worker(self, worker):
        """Has its nanny end it; returns when its process is gone."""
        nanny = self._nannies.get(worker.address)
        if nanny is not None:
            await nanny.close(timeout=_polite_seconds)

    async def close(self):
        await self.client.close()
        await self._cluster.close()
        self.remove_folder()

    def remove_folder(self):
        if self._private is not None:
            self._private.cleanup()
