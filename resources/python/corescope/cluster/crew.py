"""The workers of a trial on Dask. What Dask does happens in a thread of its own, which is where its
scheduler of a local cluster, its nannies and its client are."""

import asyncio
import threading
import uuid
from queue import Empty, SimpleQueue

from corescope import clock
from corescope.cluster import figures
from corescope.cluster.handing_out import hand_out, submit_to_any
from corescope.cluster.place import Trouble, words_of_trouble
from corescope.cluster.sent import read_worker
from corescope.crew import Crew
from corescope.failure import TrialFailure
from corescope.start_folder import Elsewhere

# How long a failure waits for one that says more of the same, in s.
_telling_seconds = 1.0
# How long a trial that has failed may take to leave others' workers as they were, in s.
_leaving_seconds = 5.0


class DaskCrew(Crew):
    def __init__(self, spec):
        """Starts the scheduler, or connects to it: it is there before the host is watched.

        :raises TrialFailure: where that cannot be, in words
        """
        Crew.__init__(self, spec)
        self.separate_processes = spec['model'] != 'threads'
        self._said = SimpleQueue()
        self._name = 'trial-' + uuid.uuid4().hex
        self._lost = []
        self._gathering = None
        self._readings = {}
        self._accounts = {}
        self._scheduler = []
        self._dask_tasks = 0
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name='dask', daemon=True).start()
        self._place = _place_of(spec)
        self._wait_for(self._place.open())
        self._client = self._place.client

    # What the trial asks for.

    def spawn(self):
        # Nannies start their workers in threads of their own, at any time until all are ready.
        with Elsewhere():
            Crew.spawn(self)

    def start(self):
        self._launch(self._spawn())

    def receive(self, seconds):
        try:
            said = self._said.get(timeout=seconds)
        except Empty:
            return self._see_scheduler()
        if isinstance(said, BaseException):
            raise said
        worker, message = said
        if message is None:
            self.lose(worker, '')
        else:
            self.hear(worker, message)

    def prepare(self):
        if self.spec['workload'].endswith('.py'):
            from corescope.own.inputs import inputs_of

            # To other processes, whatever the model.
            self.inputs = inputs_of(self.spec, True)
        self._launch(self._prepare())
        self.wait_until(lambda: all(member.is_prepared for member in self.members))

    def release(self, released_at, report):
        self._report = report
        self._launch(self._work(released_at))

    def ask_for_spans(self):
        """They have come with the summaries."""

    def tear_down(self):
        self.is_ending = True
        for member in self.members:
            member.end_called_at = clock.now_ms()
        self._launch(self._end())
        self.wait_until(self._all_gone)
        self._wait_for(self._close())
        return self.results()

    def abandon(self):
        """Leaves others' workers as they were, and no folder behind, where that is quickly done."""
        self.is_ending = True
        ending = asyncio.run_coroutine_threadsafe(self._abandon(), self._loop)
        try:
            ending.result(_leaving_seconds)
        except Exception:
            # Its workers find out for themselves that nobody wants their results any more.
            ending.cancel()

    def account_for(self, result):
        """What Dask has used beside the workers is the host's; what it tells itself is added."""
        for member in self._place.workers:
            account = self._accounts[member.address]
            used = account['used']
            if self.separate_processes:
                # What of the process was not a worker's: Dask's own threads in it.
                of_workers = [seat['used'] for seat in account['seats'].values()]
                used = [max(0, all_of - sum(each)) for all_of, *each in zip(used, *of_workers)]
            elif account['rssBytes'] is not None and result['hostRssBytes'] is not None:
                result['hostRssBytes'] += account['rssBytes']
            for key, amount in zip(('hostCpuMs', 'hostVoluntarySwitches', 'hostInvoluntarySwitches'), used):
                result[key] += amount
        before, after = self._readings['before'], self._readings['after']
        result['observations'] = figures.observations(
            before, after, self._scheduler, self._dask_tasks, self._place
        )

    # What happens in the thread.

    async def _spawn(self):
        self._client.subscribe_topic('all', self._heed)
        self._gathering = asyncio.ensure_future(
            self._place.gather(lambda member: self._launch(self._greet(member)))
        )
        await self._gathering

    def _heed(self, event):
        """What the scheduler has noted."""
        _, what = event
        if not isinstance(what, dict):
            return
        if what.get('action') == 'add-worker':
            self._place.joined(what.get('worker'))
        elif what.get('action') == 'remove-worker' and not self.is_ending:
            for member in self._place.workers:
                if member.address == what.get('worker'):
                    self._lost.append(member)
                    self._launch(self._lose(member))

    async def _lose(self, member):
        try:
            how = await self._place.loss_of(member)
        except Exception as error:
            how = 'a worker ended before its time, and how is not known: %s' % words_of_trouble(error)
        raise TrialFailure(how)

    async def _greet(self, member):
        await member.open(self._client, self._name, self.spec)
        hellos = await member.on_each_thread(self._client, 'say_hello', self._name)
        ready_at = clock.now_ms()
        for worker, process_id, os_thread_id in hellos:
            member.process_id = process_id
            self.members[worker].start_called_at = member.start_called_at
            thread = worker + 1 if member.count > 1 else 0
            seen = os_thread_id if self._place.is_ours else None
            self._said.put((worker, ('ready', process_id, thread, seen, ready_at)))

    async def _prepare(self):
        await self._place.ready()
        failures = await asyncio.gather(
            *(each.on_each_thread(self._client, 'prepare', self._name) for each in self._place.workers)
        )
        for member, told in zip(self._place.workers, failures):
            for failure in told:
                if failure is not None:
                    self._said.put((member.first, ('failed',) + tuple(failure)))
        await self._read('before')
        for worker in range(len(self.members)):
            self._said.put((worker, ('prepared',)))

    async def _work(self, released_at):
        next_report = [0.0] * self.spec['workers']

        def heard(answer):
            worker, progress = answer['worker'], answer['progress']
            if answer['failure'] is not None:
                self._said.put((worker, ('failed',) + tuple(answer['failure'])))
                return False
            if progress[0] >= next_report[worker]:
                next_report[worker] = progress[0] + self.spec['intervalMs']
                self._progress(worker, progress)
            return True

        self._dask_tasks = await hand_out(
            self.spec, released_at, self._place.workers, self._submit, heard
        )
        if self._dask_tasks is not None:
            await self._settle(released_at)

    def _submit(self, member, batch, until):
        given = None if self.inputs is None else self.inputs.pickled(batch)
        order = ('do', self._name, batch, until, given)
        if member is None:
            return submit_to_any(self._client, self._place.workers, *order)
        return member.submit(self._client, *order)

    def _progress(self, worker, progress):
        at, tasks, cpu_ms, rss_bytes = progress
        # A process's memory is told once, by the first of its threads.
        if not self.separate_processes or all(each.first != worker for each in self._place.workers):
            rss_bytes = None
        self._said.put((worker, ('progress', round(at, 3), tasks, cpu_ms, rss_bytes)))

    async def _settle(self, released_at):
        """Fetches what the workers have done."""
        accounts = await asyncio.gather(
            *(each.call(self._client, 'accounts', self._name) for each in self._place.workers)
        )
        for member, account in zip(self._place.workers, accounts):
            self._accounts[member.address] = account
        await self._read('after')
        for member, account in zip(self._place.workers, accounts):
            for worker, seat in account['seats'].items():
                summary = seat['summary']
                if not seat['hasBegun']:
                    summary['startedAt'] = summary['endedAt'] = released_at
                if self.separate_processes and worker == member.first:
                    summary['rssBytes'] = account['rssBytes']
                self._said.put((worker, ('spans', seat['spans'])))
                self._said.put((worker, ('done', summary)))

    async def _read(self, when):
        addresses = [each.address for each in self._place.workers]
        self._readings[when] = await self._client.run(read_worker, workers=addresses)
        if not self._place.is_ours:
            self._scheduler.append(await self._place.read_scheduler())

    async def _end(self):
        async def end(member):
            try:
                await member.call(self._client, 'close_session', self._name)
                member.release()
                await self._place.end_worker(member)
            except Exception:
                # It is on its way out, or gone; or has not been brought anything.
                pass
            for worker in member.numbers:
                self._said.put((worker, None))

        there = [member for member in self._place.workers if member not in self._lost]
        await asyncio.gather(*(end(member) for member in there))

    async def _abandon(self):
        if not self._place.is_ours and self._client.status == 'running':
            # The scheduler would keep the name of a client that is gone among those who want to hear.
            self._client.unsubscribe_topic('all')
            if self._gathering is not None:
                # No other is to be brought anything.
                self._gathering.cancel()
                await asyncio.wait([self._gathering])
            await self._end()
            await self._place.close()
        self._place.remove_folder()

    async def _close(self):
        # What is said of the client's own leaving would find nobody.
        self._client.unsubscribe_topic('all')
        await self._place.close()

    # Between the two.

    def lose(self, worker, how):
        self.members[worker].exited_at = clock.now_ms()

    def _name_of(self, worker):
        for member in self._place.workers:
            if worker in member.numbers:
                return 'worker %d%s' % (worker, self._place.whereabouts(member))
        return 'worker %d' % worker

    def _see_scheduler(self):
        if self._client.status != 'running' and not self.is_ending:
            raise TrialFailure(self._place.gone)

    def _wait_for(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _launch(self, coroutine):
        """Has the thread do it; what goes wrong is raised where the trial waits."""

        async def watched():
            try:
                await coroutine
            except TrialFailure as failure:
                self._said.put(failure)
            except (Exception, asyncio.CancelledError) as error:
                # The scheduler tells of a lost worker at the same time, and that says more.
                await asyncio.sleep(_telling_seconds)
                if not self._lost:
                    self._said.put(self._failure_of(error))

        asyncio.run_coroutine_threadsafe(watched(), self._loop)

    def _failure_of(self, error):
        if self._client.status != 'running':
            return TrialFailure(self._place.gone)
        if isinstance(error, Trouble):
            return TrialFailure(str(error))
        return TrialFailure('%s: %s' % (self._place.name, words_of_trouble(error)))


def _place_of(spec):
    if spec['model'] == 'cluster':
        from corescope.cluster.foreign import ForeignPlace

        return ForeignPlace(spec)
    from corescope.cluster.local import LocalPlace

    return LocalPlace(spec)
