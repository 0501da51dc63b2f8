import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { daskPython, whyNoDask } from '../support/dask.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

if (daskPython === undefined) console.warn(`skipped: ${whyNoDask}`)

/** What of Dask's account is reckoned, and what is said of versions: without a cluster. */
function told(script: string): unknown {
  const python = daskPython ?? 'python3'
  const { stdout, stderr } = spawnSync(python, ['-c', `import json\n${script}`], {
    cwd: programs.python,
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  return stdout === '' ? expect.fail(stderr) : JSON.parse(stdout)
}

describe.skipIf(daskPython === undefined)('what Dask tells of a trial', () => {
  it('is what came between two readings of its workers, and the largest of their last', () => {
    const script = `
from types import SimpleNamespace
from corescope.cluster.figures import observations
def reading(size, count, durations, memory, cpu):
    return {'bytes': size, 'count': count, 'durations': durations, 'memory': memory, 'cpu_percent': cpu}
before = {'a': reading(100, 1, [9], 900, 99), 'b': reading(10, 2, [7, 7], 5, 1), 'gone': reading(1, 1, [], 1, 1)}
after = {'a': reading(400, 3, [9, 2, 4], 50, 20), 'b': reading(15, 3, [7, 7, 1], 70, 30)}
scheduler = [{'cpuMs': 100, 'rss': 1}, {'cpuMs': 130, 'rss': 2}]
place = SimpleNamespace(clock_error_ms=0.5)
print(json.dumps([observations(before, after, scheduler, 8, place),
    observations(before, {'a': reading(400, 9, [2], None, None)}, [None, None], 8, SimpleNamespace())]))`
    expect(told(script)).toEqual([
      {
        dask_tasks_count: 8,
        dask_transfer_bytes: 305,
        dask_transfer_count: 3,
        dask_transfer_ms: 7,
        dask_worker_memory_max_bytes: 70,
        dask_worker_cpu_max_percent: 30,
        dask_scheduler_cpu_ms: 30,
        dask_scheduler_rss_bytes: 2,
        dask_clock_error_ms: 0.5,
      },
      { dask_tasks_count: 8, dask_transfer_bytes: 300, dask_transfer_count: 8 },
    ])
  })

  it('leaves to the host what its workers’ processes used beside the workers', () => {
    const script = `
from types import SimpleNamespace
from corescope.cluster.crew import DaskCrew
def host_of(separate):
    crew = object.__new__(DaskCrew)
    crew.separate_processes = separate
    seats = {0: {'used': [30, 3, 1]}, 1: {'used': [50, 2, 9]}}
    crew._accounts = {'a': {'used': [100, 10, 8], 'seats': seats, 'rssBytes': 1000}}
    crew._readings, crew._scheduler, crew._dask_tasks = {'before': {}, 'after': {}}, [], 1
    crew._place = SimpleNamespace(workers=[SimpleNamespace(address='a')])
    result = {'hostCpuMs': 5, 'hostVoluntarySwitches': 1, 'hostInvoluntarySwitches': 1, 'hostRssBytes': 10}
    crew.account_for(result)
    return list(result.values())[:4]
print(json.dumps([host_of(True), host_of(False)]))`
    expect(told(script)).toEqual([
      [25, 6, 1, 10],
      [105, 11, 9, 1010],
    ])
  })

  it('does not go together where Python, distributed or dask are of another version', () => {
    const script = `
from corescope.cluster.foreign import misfit_of
def of(python, distributed, dask):
    return {'packages': {'python': python, 'distributed': distributed, 'dask': dask}}
ours = of('3.11.2.final.0', '1', '1')
def misfit(scheduler, worker):
    found = misfit_of({'client': ours, 'scheduler': scheduler, 'workers': {'a': worker, 'left': None}}, {'a'})
    return found and found.partition(';')[0]
print(json.dumps([misfit(ours, of('3.11.9.final.0', '1', '1')), misfit(ours, of('3.12.2.final.0', '1', '1')),
    misfit(ours, of('3.11.2.final.0', '2', '1')), misfit(of('3.11.2.final.0', '1', '2'), ours)]))`
    expect(told(script)).toEqual([
      null,
      'its worker a has Python 3.12, this interpreter 3.11',
      'its worker a has distributed 2, this interpreter 1',
      'it has dask 2, this interpreter 1',
    ])
  })

  it('comes of batches that take 100 ms, whose rest is handed out again', () => {
    const script = `
from corescope.cluster.orders import Lane
lane, taken = Lane(0, 1, 100, 1), []
for done, took in ((1, 1), (4, 40), (6, 100), (4, 10), (16, 16)):
    batch = lane.take()
    taken.append(batch)
    lane.settle(batch, done, took)
shared = Lane(0, 1, 9, 2)
first = shared.take()
shared.settle(first, 1, 0)
print(json.dumps([taken, first, shared.take()]))`
    expect(told(script)).toEqual([
      [
        [0, 1, 1],
        [1, 1, 4],
        [5, 1, 10],
        [11, 1, 4],
        [15, 1, 16],
      ],
      [0, 1, 1],
      [1, 1, 2],
    ])
  })

  it('is not asked of a Dask that is too old to tell it', () => {
    const script = `
from corescope.cluster.program import TrialFailure, refuse_older
def said(version):
    try: refuse_older(version)
    except TrialFailure as failure: return failure.reason
print(json.dumps([said(each) for each in ('2021.12.0', '2022.9.1', '2022.12.1+ds.1', '2026.7.0')]))`
    expect(told(script)).toEqual([
      'Dask.distributed is 2021.12.0; allowed: 2022.12 or later',
      'Dask.distributed is 2022.9.1; allowed: 2022.12 or later',
      null,
      null,
    ])
  })

  it('ends with its scheduler, whoever hears of that first', () => {
    const script = `
from types import SimpleNamespace
from corescope.cluster.crew import DaskCrew, SimpleQueue, TrialFailure, Trouble
def said(status, is_ending, error):
    crew = object.__new__(DaskCrew)
    crew._said, crew.is_ending = SimpleQueue(), is_ending
    crew._client = SimpleNamespace(status=status)
    crew._place = SimpleNamespace(gone='gone', name='it')
    heard = None
    try: crew.receive(0)
    except TrialFailure as failure: heard = failure.reason
    return [heard, crew._failure_of(error).reason]
print(json.dumps([said('running', False, OSError('x')), said('running', False, Trouble('x')),
    said('closed', False, OSError('x')), said('connecting', True, Trouble('x'))]))`
    expect(told(script)).toEqual([
      [null, 'it: OSError: x'],
      [null, 'x'],
      ['gone', 'gone'],
      [null, 'gone'],
    ])
  })

  it('ends with a worker’s process, whose exit may be heard of a little later', () => {
    const script = `
import asyncio
from corescope.cluster import local
from corescope.cluster.place import DaskWorker
async def lost(*code):
    place = object.__new__(local.LocalPlace)
    place._endings = {}
    losing = asyncio.ensure_future(place.loss_of(DaskWorker('a', 1, 1, 0)))
    await asyncio.sleep(0)
    for each in code: place._ended('a', each)
    return await losing
local._exit_patience_seconds = 60
said = [asyncio.run(lost(-9))]
local._exit_patience_seconds = 0
print(json.dumps([*said, asyncio.run(lost())]))`
    expect(told(script)).toEqual([
      'worker 1 ended before its time: signal SIGKILL: perhaps the machine ran out of memory',
      'worker 1 ended before its time: in a way that is not known',
    ])
  })

  it('fails where a worker has not returned what its tasks found', () => {
    const script = `
import asyncio
from types import SimpleNamespace
from corescope.cluster.handing_out import hand_out, TrialFailure
async def submit(*_): return {'worker': 1, 'checksums': [7], 'done': 2, 'tookMs': 1}
spec = {'durationMs': None, 'scheduling': 'dynamic', 'workers': 2, 'tasks': 9}
try: asyncio.run(hand_out(spec, 0, [SimpleNamespace(numbers=range(2))], submit, lambda _: True))
except TrialFailure as failure: print(json.dumps(failure.reason))`
    expect(told(script)).toBe('worker 1 has not returned what all its tasks found')
  })

  it('fails where the threads of a worker are busy with what others want', () => {
    const script = `
from corescope.cluster import task
task._meeting_seconds = 0
try: task.Session({}, 0, 2).meet()
except RuntimeError as error: print(json.dumps(str(error)))`
    expect(told(script)).toBe(
      'its threads did not all begin within 0 s: it is busy with other work',
    )
  })

  it.runIf(process.platform === 'linux')(
    'tells processes of one number in two containers of a machine apart',
    () => {
      const script = `
import os
from corescope.cluster.sent import whereabouts
def seen(numbers):
    os.getpid, os.readlink = lambda: 7, lambda _: numbers
    return whereabouts()
one, same, other = seen('pid:[1]'), seen('pid:[1]'), seen('pid:[2]')
print(json.dumps([one == same, one == other, one[0] == other[0]]))`
      expect(told(script)).toEqual([true, false, true])
    },
  )
})

describe.skipIf(daskPython === undefined)('the package that is brought to a Dask worker', () => {
  /** A process that has it from nowhere yet; `bring` brings it in a version, `state` tells what is there. */
  const worker = (folder: string) => `
import os, sys
from types import SimpleNamespace
from corescope.cluster.foreign import packed
from corescope.cluster.sent import by_value, receive, take_out
package, folder = packed(), ${JSON.stringify(folder)}
os.makedirs(folder)
own = sys.path.pop(0)
def drop():
    for name in [each for each in sys.modules if each.split('.')[0] == 'corescope']: del sys.modules[name]
here = SimpleNamespace(local_directory=folder)
bring = lambda digest: by_value(receive)(package, digest, here)
def state():
    loaded = getattr(sys.modules.get('corescope.cluster.task'), '__file__', '')
    known = {each[len(folder) + 1:].partition('.zip')[0]
        for each in [loaded, *sys.path, *sys.path_importer_cache] if each.startswith(folder)}
    return [os.listdir(folder), sorted(known)]
`
  const scratch = scratchFolder()

  it('is taken out with all that it was known by, and may come again', () => {
    const script = `${worker(scratch.path('again'))}
drop()
said = [bring('one'), bring('one'), state()]
by_value(take_out)(here)
said += [state(), bring('one'), state()]
print(json.dumps(said))`
    const there = [['corescope-one.zip'], ['corescope-one']]
    expect(told(script)).toEqual([null, null, there, [[], []], null, there])
  })

  it('gives way to another version, unless a trial uses it', () => {
    const script = `${worker(scratch.path('versions'))}
drop()
said = [bring('one'), bring('two'), state()]
task = sys.modules['corescope.cluster.task']
task._sessions['a trial'] = task.Session({}, 0, 1)
said += [bring('three')]
by_value(take_out)(here)
said += [state(), task.close_session('a trial'), bring('three'), state()]
print(json.dumps(said))`
    const two = [['corescope-two.zip'], ['corescope-two']]
    expect(told(script)).toEqual([
      ...[null, null, two, 'another trial of another version of Corescope runs there', two],
      ...[true, null, [['corescope-three.zip'], ['corescope-three']]],
    ])
  })

  it('leaves a package of the same name alone', () => {
    const script = `${worker(scratch.path('own'))}
import corescope.cluster.task as task
said = [bring('one')[:56]]
task.discard(folder)
said += [sys.modules.get('corescope.cluster.task') is task, os.listdir(folder)]
drop()
sys.modules['corescope'] = type(sys)('corescope')
print(json.dumps([*said, bring('one')]))`
    const refused = 'it has a package named corescope already, at '
    expect(told(script)).toEqual([
      ...[expect.stringContaining(refused), true, [], expect.stringContaining(refused)],
    ])
  })
})
