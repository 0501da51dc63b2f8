"""A cluster of this machine, as `LocalCluster` starts it: N processes of T threads."""

import asyncio
import logging
import os
import tempfile
from multiprocessing import resource_tracker

import dask
from distributed import Client, LocalCluster, Nanny

from corescope.clock import now_ms
from corescope.cluster.place import DaskWorker
from corescope.ending import unlink_names
from corescope.failure import TrialFailure, words_of, words_of_exit

# Nothing listens beyond this machine, and nothing is shown: no dashboard, no pages.
_settings = {
    'distributed.scheduler.http.routes': [],
    'distributed.worker.http.routes': [],
    'distributed.scheduler.allowed-failures': 0,
    'distributed.diagnostics.nvml': False,
}


# A worker that has not gone this long after it was asked to is ended, in s.
_polite_seconds = 1
# How long the end of a process may be heard of after it is lost, in s.
_exit_patience_seconds = 5.0
# How often it is looked, every 10 ms, whether all nannies know their workers.
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
        # Of their processes, by address; and of one that has not got so far.
        self._endings = {}
        self._failed = None
        self.workers = []
        self.client = None
        # It would be started from a thread that nannies have for that: who watches the host and what its
        # main thread has started would not see it.
        if os.name == 'posix':
            resource_tracker.ensure_running()

    async def open(self):
        """Starts the scheduler, and the client beside it."""
        dask.config.set(_settings)
        self._failed = asyncio.get_running_loop().create_future()
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
            worker_class=_nanny_that_tells(self._ended, self._not_started),
            asynchronous=True,
        )
        # Without a dashboard they would still listen for its readers, and on all addresses.
        self._cluster.new_spec['options'].update(dashboard=False, dashboard_address='127.0.0.1:0')
        self.client = await Client(self._cluster, asynchronous=True, set_as_default=False)

    async def gather(self, arrived):
        """Starts the workers; `arrived` is called with each as it comes.

        :raises TrialFailure: where one ends before it has come
        """
        self._start_called_at = now_ms()
        self._arrived = arrived
        self._cluster.scale(self._processes)
        starting = asyncio.ensure_future(self._cluster)
        done, _ = await asyncio.wait([starting, self._failed], return_when=asyncio.FIRST_COMPLETED)
        if self._failed in done:
            raise TrialFailure('a worker ' + self._failed.result())
        starting.result()

    def _ended(self, address, code):
        """The process of a worker has ended."""
        ending = self._ending_at(address)
        if not ending.done():
            ending.set_result(code)

    def _ending_at(self, address):
        return self._endings.setdefault(address, asyncio.get_running_loop().create_future())

    def _not_started(self, how):
        if not self._failed.done():
            self._failed.set_result(how)

    def joined(self, address):
        number = next(self._numbers, None)
        if number is None:
            return
        worker = DaskWorker(address, number * self._threads, self._threads, self._start_called_at)
        self.workers.append(worker)
        self._arrived(worker)

    async def ready(self):
        """All are there: from now on it is known who ends which."""
        unlink_names()
        # A nanny hears a little later than the scheduler that its worker is there.
        for _ in range(_nanny_patience):
            nannies = {nanny.pid: nanny for nanny in self._cluster.workers.values()}
            if all(worker.process_id in nannies for worker in self.workers):
                break
            await asyncio.sleep(0.01)
        for worker in self.workers:
            self._nannies[worker.address] = nannies.get(worker.process_id)

    def whereabouts(self, worker):
        return '' if worker.process_id is None else ' (process %d)' % worker.process_id

    def _name_of(self, worker):
        number = 'worker %d' % worker.first
        if worker.count > 1:
            number = 'the process of workers %d to %d' % (worker.first, worker.numbers[-1])
        return number + self.whereabouts(worker)

    async def loss_of(self, worker):
        """How its process ended, in words."""
        ending = self._ending_at(worker.address)
        await asyncio.wait([ending], timeout=_exit_patience_seconds)
        how = words_of_exit(ending.result() if ending.done() else None)
        return '%s ended before its time: %s' % (self._name_of(worker), how)

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


def _nanny_that_tells(ended, not_started):
    """Nannies as Dask's own, but that they start no worker in the stead of another: without one the trial has failed.

    :param ended: is called with a worker's address when its process has ended, and with its exit code
    :param not_started: is called with what became of one that is no worker yet, in words
    """

    class TellingNanny(Nanny):
        _exit_code = None

        async def instantiate(self):
            try:
                status = await Nanny.instantiate(self)
            except Exception as error:
                not_started('could not be started: ' + words_of(error))
                raise
            if self.worker_address is None:
                not_started('ended before it was ready: ' + words_of_exit(self._exit_code))
            return status

        def _on_worker_exit_sync(self, exitcode):
            self._exit_code = exitcode
            ended(self.worker_address, exitcode)

    return TellingNanny
