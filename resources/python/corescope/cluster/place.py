"""A Dask worker as the host sees it, and what the host says to it."""

from corescope import clock
from corescope.cluster.sent import run_in_corescope
from corescope.failure import words_of


class DaskWorker:
    """Some or all of its threads are workers of the trial."""

    def __init__(self, address, first, count, start_called_at):
        """
        :param first: number of the first of the trial's workers that it is
        :param count: how many of them it is
        """
        self.address = address
        self.first = first
        self.count = count
        self.start_called_at = start_called_at
        # On this machine all have one clock beneath, and the host's is shifted to the lab's.
        self.shift_ms = clock.shift()
        self.process_id = None
        self._lease = None

    @property
    def numbers(self):
        return range(self.first, self.first + self.count)

    def submit(self, client, name, *arguments):
        """A Dask task that only this worker does.

        :param name: of a function of `task`
        """
        return client.submit(
            run_in_corescope, name, *arguments, pure=False, workers=[self.address]
        )

    async def on_each_thread(self, client, name, *arguments):
        """What it returned on each of the threads that the trial uses."""
        futures = [self.submit(client, name, *arguments) for _ in range(self.count)]
        return await client.gather(futures)

    async def call(self, client, name, *arguments):
        """What it returned, called in the process beside its tasks."""
        answers = await client.run(run_in_corescope, name, *arguments, workers=[self.address])
        return answers[self.address]

    async def open(self, client, session, spec):
        """Opens the trial's session there; it lasts as long as somebody here wants its lease."""
        self._lease = self.submit(
            client, 'open_session', session, spec, self.first, self.count, self.shift_ms
        )
        error = await self._lease.exception()
        if error is not None:
            raise Trouble(not_brought(self.address, words_of(error)))

    def release(self):
        """Closes the session: Dask drops a result that nobody wants."""
        if self._lease is not None:
            self._lease.release()
            self._lease = None


class Trouble(Exception):
    """What Dask has raised, in a line of our own. Where a worker or the scheduler is lost, that says more."""


def not_brought(address, why):
    """The line that says so."""
    return 'the code could not be brought to worker %s: %s' % (address, why)


def words_of_trouble(error):
    """What Dask has raised, in a line of plain words where they are known."""
    name = type(error).__name__
    if name == 'KilledWorker':
        return 'a worker ended while it did its tasks'
    if name in ('CancelledError', 'FutureCancelledError'):
        return 'it has cancelled the tasks'
    return words_of(error)
