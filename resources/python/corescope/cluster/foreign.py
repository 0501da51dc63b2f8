"""A cluster that is there already, found by its scheduler's address."""

import asyncio
import hashlib
import io
import os
import zipfile

import dask
import distributed
from distributed import Client

from corescope.clock import now_ms
from corescope.cluster.place import DaskWorker, Trouble, not_brought
from corescope.cluster.sent import (
    by_value,
    clock_ms,
    digest_of,
    reading_of_scheduler,
    receive,
    take_out,
    whereabouts,
)
from corescope.failure import TrialFailure, words_of

# How long a scheduler has to answer, in s.
_patience_seconds = 4
# Of Dask's packages, those that two must have alike to understand each other. Of Python the first two numbers.
_alike = ('distributed', 'dask')
_round_trips = 5
# Workloads that need what is on this machine alone.
_stays_here = {'file': 'a folder of this machine', 'http': 'the server of this machine'}


class ForeignPlace:
    """Its processes are not ours: they are used, and left as they were."""

    is_ours = False

    def __init__(self, spec):
        self.address = spec['scheduler']
        self.name = 'the scheduler %s' % self.address
        self.gone = '%s is gone; start it again, and then the run' % self.name
        self._spec = spec
        self._folder = None
        # Those that are chosen, from then on.
        self.workers = []
        self._clock_error_ms = None
        self.client = None

    async def open(self):
        """Connects, and sees whether the cluster can do it.

        Raises TrialFailure in words, within seconds.
        """
        dask.config.set({'distributed.comm.timeouts.connect': '%ds' % _patience_seconds})
        if self.address.startswith('tls:') and dask.config.get('distributed.comm.tls.ca-file', None) is None:
            raise TrialFailure(
                '%s wants certificates, and this Dask has none configured; set distributed.comm.tls '
                '(ca-file, and cert and key of client) where its other settings are' % self.address
            )
        try:
            self.client = await asyncio.wait_for(
                Client(self.address, asynchronous=True, timeout=_patience_seconds, set_as_default=False),
                _patience_seconds + 1,
            )
        except (OSError, asyncio.TimeoutError) as error:
            raise TrialFailure(
                'there is no Dask scheduler at %s: %s; start one there, or leave the address out: '
                'then a local cluster is started' % (self.address, words_of(error))
            )
        except Exception as error:
            raise TrialFailure(
                'what answers at %s is no scheduler that distributed %s understands: %s; '
                'allowed: a Dask scheduler of that version'
                % (self.address, distributed.__version__, words_of(error))
            )
        try:
            await asyncio.wait_for(self._check(), 3 * _patience_seconds)
        except asyncio.TimeoutError:
            raise TrialFailure('%s answers too slowly; try again when it is less busy' % self.name)

    async def _check(self):
        identity = await self.client.scheduler.identity()
        workers = identity['workers']
        threads = sum(each['nthreads'] for each in workers.values())
        asked = self._spec['workers']
        if threads < asked:
            allowed = 'start workers there' if threads == 0 else 'allowed: at most %d, or start more there' % threads
            raise TrialFailure(
                '%s has %s in %s; asked: %s, a thread each; %s'
                % (
                    self.name,
                    counted(threads, 'thread'),
                    counted(len(workers), 'worker'),
                    counted(asked, 'worker'),
                    allowed,
                )
            )
        versions = await self.client.get_versions()
        misfit = misfit_of(versions, set(workers))
        if misfit is not None:
            raise TrialFailure('%s: %s' % (self.name, misfit))
        # The largest first, so that as few processes as can be are used.
        for address, worker in sorted(workers.items(), key=lambda each: (-each[1]['nthreads'], each[0])):
            count = min(asked, worker['nthreads'])
            if count == 0:
                break
            first = self._spec['workers'] - asked
            self.workers.append(DaskWorker(address, first, count, None))
            asked -= count

    async def gather(self, arrived):
        """Brings them the code; `arrived` is called with each that has it."""
        for worker in self.workers:
            worker.start_called_at = now_ms()
        await self._see_all_there()
        package = packed()
        digest = hashlib.sha256(package).hexdigest()[:16]
        here = whereabouts()[0]
        seen = {}
        for worker in self.workers:
            address = worker.address
            try:
                found = await self.client.run(by_value(whereabouts), workers=[address])
                there = tuple(found[address])
                if there in seen:
                    raise TrialFailure(
                        'workers %s and %s are one process, and cannot be told apart; allowed: a process '
                        'for each, as "dask worker" starts them unless it is told --no-nanny'
                        % (seen[there], address)
                    )
                seen[there] = address
                answers = await self.client.run(by_value(receive), package, digest, workers=[address])
            except TrialFailure:
                raise
            except Exception as error:
                raise Trouble(not_brought(address, words_of(error))) from error
            if answers[address] is not None:
                raise TrialFailure(not_brought(address, answers[address]))
            await self._see_module(address)
            if there[0] != here:
                self._refuse_what_stays_here(address)
                worker.shift_ms = await self._shift_of(address)
            arrived(worker)

    async def _see_all_there(self):
        """Who was lost since they were chosen, before it was heard of."""
        there = (await self.client.scheduler.identity())['workers']
        for worker in self.workers:
            if worker.address not in there:
                raise TrialFailure(await self.loss_of(worker))

    async def _see_module(self, address):
        """A module of the user's own is loaded by its path, there as here: it may need what lies beside it."""
        path = self._spec['workload']
        if not path.endswith('.py'):
            return
        digests = await self.client.run(by_value(digest_of), path, workers=[address])
        if digests[address] is None:
            raise TrialFailure(not_brought(address, 'there is no %s on its machine; put it there' % path))
        if digests[address] != digest_of(path):
            raise TrialFailure(
                not_brought(address, '%s is another on its machine; put the same there' % path)
            )

    def _refuse_what_stays_here(self, address):
        workload = self._spec['workload']
        if workload in _stays_here:
            raise TrialFailure(
                '%s needs %s; worker %s is on another; allowed: another workload, or a local cluster'
                % (workload, _stays_here[workload], address)
            )

    async def _shift_of(self, address):
        """What is to be added to another machine's clock, from the quickest of a few round trips.

        Right within half of that round trip: as NTP finds it (RFC 5905).
        """
        quickest = None
        for _ in range(_round_trips):
            asked_at = now_ms()
            answer = await self.client.run(by_value(clock_ms), workers=[address])
            answered_at = now_ms()
            took_ms = answered_at - asked_at
            if quickest is None or took_ms < quickest[0]:
                quickest = (took_ms, (asked_at + answered_at) / 2 - answer[address])
        error_ms = quickest[0] / 2
        self._clock_error_ms = max(self._clock_error_ms or 0, error_ms)
        return quickest[1]

    @property
    def clock_error_ms(self):
        """Within what the times of other machines are right; None where there are none."""
        return self._clock_error_ms

    def joined(self, address):
        """Who comes now comes too late for this trial."""

    async def ready(self):
        pass

    def whereabouts(self, worker):
        return ' (%s)' % worker.address

    async def loss_of(self, worker):
        return (
            'worker %s ended before its time: %s has lost it; the log of that worker may say why'
            % (worker.address, self.name)
        )

    async def read_scheduler(self):
        try:
            return await self.client.run_on_scheduler(by_value(reading_of_scheduler))
        except ValueError:
            # It takes no functions from others (distributed.scheduler.pickle): it has no figures then.
            return None

    async def end_worker(self, worker):
        """It goes on without us: the code is taken out again."""
        await self.client.run(by_value(take_out), workers=[worker.address])

    def remove_folder(self):
        """Its workers have folders of their own."""

    async def close(self):
        if self.client is not None:
            await self.client.close()


def counted(number, what):
    return '%d %s%s' % (number, what, '' if number == 1 else 's')


def misfit_of(versions, workers):
    """Whose versions differ from ours, in words; None where all that must be alike is."""
    ours = versions['client']['packages']
    others = [('it', versions['scheduler'])]
    others += [
        ('its worker %s' % address, found)
        for address, found in sorted(versions['workers'].items())
        if address in workers
    ]
    for who, found in others:
        packages = (found or {}).get('packages') or {}
        for package in ('python',) + _alike:
            here, there = ours.get(package), packages.get(package)
            if package == 'python':
                here, there = ('.'.join(str(each).split('.')[:2]) for each in (here, there))
            if here != there:
                name = 'Python' if package == 'python' else package
                return '%s has %s %s, this interpreter %s; install the same, or choose an interpreter that has it' % (
                    who,
                    name,
                    there,
                    here,
                )
    return None


def packed():
    """This package as a zip file that Python can import from."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    content = io.BytesIO()
    with zipfile.ZipFile(content, 'w', zipfile.ZIP_DEFLATED) as archive:
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(each for each in folders if each != '__pycache__')
            for file in sorted(files):
                path = os.path.join(folder, file)
                name = os.path.join('corescope', os.path.relpath(path, root)).replace(os.sep, '/')
                # Always of the same date, so that the same code gives the same bytes.
                archive.writestr(zipfile.ZipInfo(name), open_bytes(path))
    return content.getvalue()


def open_bytes(path):
    with open(path, 'rb') as file:
        return file.read()
