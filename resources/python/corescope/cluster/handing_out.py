"""Keeps Dask in batches of a trial's tasks, until there are none any more."""

import asyncio

from corescope import clock
from corescope.cluster.orders import lanes_of
from corescope.cluster.sent import run_in_corescope
from corescope.failure import TrialFailure

# Batches that are with Dask at once for each worker: the one it does, and one that waits for it there.
_ahead = 2


async def hand_out(spec, released_at, dask_workers, submit, heard):
    """
    :param submit: makes a Dask task of a batch: of one Dask worker, or of any where it is None
    :param heard: is told what came of each; says whether to go on
    :returns: how many Dask tasks it took; None where it was not to go on
    """
    until = float('inf') if spec['durationMs'] is None else released_at + spec['durationMs']
    lanes = lanes_of(spec)
    members = {worker: member for member in dask_workers for worker in member.numbers}
    under_way = {}
    count = 0

    def fill(lane, member, most):
        nonlocal count
        number = sum(each[0] is lane for each in under_way.values())
        while number < most:
            batch = lane.take() if clock.now_ms() < until else None
            if batch is None:
                return
            future = submit(member, batch, until)
            under_way[asyncio.ensure_future(_result_of(future))] = (lane, batch)
            number += 1
            count += 1

    if len(lanes) == 1 and spec['scheduling'] == 'dynamic':
        whole = [(lanes[0], None, _ahead * spec['workers'])]
    else:
        whole = [(lane, members[worker], _ahead) for worker, lane in enumerate(lanes)]
    for each in whole:
        fill(*each)
    while under_way:
        done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            lane, batch = under_way.pop(each)
            answer = each.result()
            if not heard(answer):
                return None
            if len(answer['checksums']) != answer['done']:
                worker = answer['worker']
                raise TrialFailure('worker %d has not returned what all its tasks found' % worker)
            lane.settle(batch, answer['done'], answer['tookMs'])
        for each in whole:
            fill(*each)
    return count


def submit_to_any(client, dask_workers, name, *arguments):
    """A Dask task that any of the trial's workers may do: which one is the scheduler's choice.

    :param name: of a function of `task`
    """
    return client.submit(
        run_in_corescope,
        name,
        *arguments,
        pure=False,
        workers=[each.address for each in dask_workers],
    )


async def _result_of(future):
    return await future
