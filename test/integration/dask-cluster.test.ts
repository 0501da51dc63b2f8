import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HostResult, TrialSpec } from '../../src/engine/execution/protocol.ts'
import {
  daskPython,
  leftOn,
  nothing,
  type OwnCluster,
  packagesIn,
  startCluster,
  whyNoDask,
} from '../support/dask.ts'
import {
  allRight,
  daskTrials,
  endless,
  onCluster,
  sums,
  untilLeft,
} from '../support/dask-trials.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const { run, finished, reasonOf, hostWith } = daskTrials(scratch)

if (daskPython === undefined) console.warn(`skipped: ${whyNoDask}`)

describe.skipIf(daskPython === undefined)('a cluster of Dask that is there already', () => {
  let cluster: OwnCluster
  let folder = ''
  beforeAll(async () => {
    folder = scratch.path('cluster')
    await mkdir(folder)
    cluster = await startCluster(folder, [2, 1])
  }, 90_000)
  afterAll(() => cluster?.close())

  const here = (changes: Partial<TrialSpec> = {}) => onCluster(cluster, changes)

  it('does the tasks in as many of its threads as are asked, and is left as it was', async () => {
    const ids = cluster.workers.map(({ pid }) => pid)
    for (const workers of [1, 2, 3]) {
      const scheduling = workers === 2 ? 'static' : 'dynamic'
      const result = await finished(here({ workers, scheduling }))
      expect(sums(result)).toEqual(allRight)
      for (const { processId } of result.workers) expect(ids).toContain(processId)
      expect(result.observations?.dask_scheduler_rss_bytes).toBeGreaterThan(0)
    }
    expect(await packagesIn(folder)).toEqual([])
    await untilLeft(cluster, nothing)
  })

  it('has no files left that tasks have made there', async () => {
    const made = scratch.path('made')
    await mkdir(made)
    const file = { workload: 'file', parameters: { size_kib: 1, reads: 1 }, expected: null }
    expect(sums(await finished(here({ ...file, folder: made }))).tasks).toBe(40)
    expect(await readdir(made)).toEqual([])
  })

  it('lets two trials use the same threads, neither of which stops the other by its end', async () => {
    let [done, second]: [number, Promise<HostResult> | undefined] = [0, undefined]
    const onOne = here({ workers: 1, scheduling: 'dynamic' })
    const first = await run(
      { ...endless, ...onOne },
      ({ host }) => {
        second = finished(onOne).then(async (result) => {
          // More than was with Dask already.
          for (let batch = 0; batch < 5; batch++) {
            const seen = done
            await until('the first goes on', () => done > seen)
          }
          process.kill(host, 'SIGKILL')
          return result
        })
      },
      (tasks) => {
        done = tasks
      },
    )
    expect(sums((await second) ?? expect.fail('the first did no task'))).toEqual(allRight)
    expect(first).toMatchObject({ reason: 'the host ended by signal SIGKILL' })
  })

  it('is refused where it has fewer threads than are asked', async () => {
    expect(await reasonOf(here({ workers: 9 }))).toBe(
      `the scheduler ${cluster.address} has 3 threads in 2 workers; asked: 9 workers, a thread each; allowed: at most 3, or start more there`,
    )
  })

  it('is refused where it has no workers at all', async () => {
    const empty = await startCluster(folder, [])
    try {
      const { address: scheduler } = empty
      expect(await reasonOf(here({ scheduler, workers: 1 }))).toBe(
        `the scheduler ${scheduler} has 0 threads in 0 workers; asked: 1 worker, a thread each; start workers there`,
      )
    } finally {
      await empty.close()
    }
  })

  it('is said not to be there where nothing answers', async () => {
    const scheduler = 'tcp://127.0.0.1:1'
    const reason = await reasonOf({ model: 'cluster', scheduler })
    expect(reason).toContain(`there is no Dask scheduler at ${scheduler}: `)
    expect(reason).toMatch(/; start one there, or leave the address out: then a local cluster is/)
  })

  it('is said not to be there where something else answers', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => {}).end('HTTP/1.1 400\r\n\r\n'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const scheduler = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await reasonOf({ model: 'cluster', scheduler })).toContain(
      `there is no Dask scheduler at ${scheduler}: `,
    )
    server.close()
  })

  it('is said to be none where what it answers is not understood', async () => {
    const other = `from distributed import Scheduler
def identity(self, *_, whole=Scheduler.identity, seen=[]):
    # Its own file has it too.
    if seen: raise ValueError('what?')
    seen.append(self)
    return whole(self)
Scheduler.identity = identity`
    const strange = await startCluster(folder, [], other)
    try {
      const { address: scheduler } = strange
      expect(await reasonOf({ model: 'cluster', scheduler })).toMatch(
        new RegExp(
          `^what answers at ${scheduler} is no scheduler that distributed \\S+ understands: ValueError: what\\?; allowed: `,
        ),
      )
    } finally {
      await strange.close()
    }
  })

  it('is refused where it answers too slowly', async () => {
    const busy = `import asyncio
from distributed import Scheduler
Scheduler.versions = lambda *_, **__: asyncio.sleep(3600)`
    const slow = await startCluster(folder, [1], busy)
    try {
      const program = await hostWith('corescope/cluster/foreign.py', '3 * _patience', '_patience')
      const onSlow = { model: 'cluster' as const, scheduler: slow.address, workers: 1 }
      expect(await reasonOf(onSlow, () => {}, { program })).toBe(
        `the scheduler ${slow.address} answers too slowly; try again when it is less busy`,
      )
    } finally {
      await slow.close()
    }
  })

  it.each([
    ['worker', 'before the code is brought'],
    ['scheduler', 'before the code is brought'],
    ['worker', 'while the code is brought'],
    ['scheduler', 'while the code is brought'],
  ])('ends the trial with its reason where the %s is lost %s', async (who, when) => {
    const note = scratch.path(`${who} lost ${when}`)
    const brief = await startCluster(folder, [1], noting(note))
    try {
      const lost = (who === 'worker' ? brief.workers[0] : brief.scheduler) as ChildProcess
      const isBefore = when.startsWith('before')
      const where = isBefore
        ? {
            beforeWorkers: async () => {
              lost.kill('SIGKILL')
              await until('it is gone', () => !isAlive(lost.pid as number))
              if (who === 'worker') await until('that is known', () => existsSync(note))
            },
          }
        : {
            program: await hostWith(
              'corescope/cluster/sent.py',
              '    import sys\n\n    path = os',
              `    import sys\n\n    os.kill(${lost.pid}, 9)\n    path = os`,
            ),
          }
      const onBrief = { model: 'cluster' as const, scheduler: brief.address, workers: 1 }
      expect(await reasonOf(onBrief, () => {}, where)).toMatch(
        who === 'worker'
          ? /^worker tcp:\S+ ended before its time: the scheduler .* has lost it; the log/
          : /^the scheduler \S+ is gone; start it again, and then the run$/,
      )
    } finally {
      await brief.close()
    }
  })

  it('says that certificates are wanted where Dask has been told of none', async () => {
    const scheduler = 'tls://127.0.0.1:1'
    expect(await reasonOf({ model: 'cluster', scheduler })).toMatch(
      /^tls:\/\/127\.0\.0\.1:1 wants certificates, and this Dask has none configured; set distributed/,
    )
  })

  it('is refused where two of its workers are one process', async () => {
    const together = await startCluster(folder, [1], '', twoInOne)
    try {
      expect(await reasonOf({ model: 'cluster', scheduler: together.address })).toMatch(
        /^workers tcp:\S+ and tcp:\S+ are one process, and cannot be told apart; allowed: a process for each, /,
      )
    } finally {
      await together.close()
    }
  })

  it('is refused where its scheduler is of another version', async () => {
    const made = "import distributed\ndistributed.__version__ = '1999.1.0'"
    const other = await startCluster(folder, [1], made)
    try {
      const scheduler = other.address
      expect(await reasonOf({ model: 'cluster', scheduler, workers: 1 })).toMatch(
        /: it has distributed 1999\.1\.0, this interpreter \d+\S+; install the same, or choose an interpreter that has it$/,
      )
    } finally {
      await other.close()
    }
  })

  it('frees its workers of what a host that was killed has left', async () => {
    await run(here({ ...endless, workers: 3 }), ({ host }) => process.kill(host, 'SIGKILL'))
    await until('its package is taken out', async () => (await packagesIn(folder)).length === 0)
    expect(sums(await finished(here({ workers: 3 })))).toEqual(allRight)
    expect(await packagesIn(folder)).toEqual([])
  })

  it('ends the trial with its reason where a worker is lost, and where the scheduler is', async () => {
    // Dask itself keeps the name of a client that was killed.
    const before = leftOn(cluster)
    const worker = cluster.workers[0] as OwnCluster['scheduler']
    expect(await reasonOf(here({ ...endless, workers: 3 }), () => worker.kill('SIGKILL'))).toMatch(
      /^worker tcp:\/\/127\.0\.0\.1:\d+ ended before its time: the scheduler .* has lost it; the log of that worker may say why$/,
    )
    await untilLeft(cluster, before)
    const { scheduler, address } = cluster
    expect(await reasonOf(here({ ...endless, workers: 1 }), () => scheduler.kill('SIGKILL'))).toBe(
      `the scheduler ${address} is gone; start it again, and then the run`,
    )
  })
})

/** Has a scheduler make a file when it has lost a worker. */
const noting = (note: string) => `
from distributed import Scheduler
async def remove_worker(self, *given, whole=Scheduler.remove_worker, **more):
    await whole(self, *given, **more)
    open(${JSON.stringify(note)}, 'w').close()
Scheduler.remove_worker = remove_worker`

/** As "--nworkers 2 --no-nanny" of some versions: others refuse it. */
const twoInOne = `
import dask.distributed
from distributed import Worker as One
class Two(One):
    async def start_unsafe(self):
        await One(self.scheduler.address, nthreads=1, host='127.0.0.1', dashboard=False)
        return await One.start_unsafe(self)
dask.distributed.Worker = Two`

/** Another machine, as far as Python can be told: another name, another start, a clock that is an hour ahead. */
const elsewhere = `
import builtins, io, platform, time
ahead = lambda clock: lambda: clock() + 3600
time.monotonic, time.perf_counter = ahead(time.monotonic), ahead(time.perf_counter)
read, name = builtins.open, '/proc/sys/kernel/random/boot_id'
def other(path, *rest, **more):
    if path == name: return io.StringIO('other')
    if str(path).endswith('absent_task.py'): raise FileNotFoundError(path)
    return io.BytesIO() if str(path).endswith('other_task.py') else read(path, *rest, **more)
builtins.open = other
platform.node = lambda: 'other'`

describe.skipIf(daskPython === undefined)('a Dask worker of another machine', () => {
  let cluster: OwnCluster
  let folder = ''
  beforeAll(async () => {
    folder = scratch.path('elsewhere')
    await mkdir(folder)
    cluster = await startCluster(folder, [2], '', elsewhere)
  }, 90_000)
  afterAll(() => cluster?.close())
  const there = (changes: Partial<TrialSpec> = {}) => onCluster(cluster, changes)

  it('tells its times by the lab’s clock, and within what they are right', async () => {
    const result = await finished(there())
    expect(sums(result)).toEqual(allRight)
    expect(result.observations?.dask_clock_error_ms).toBeGreaterThan(0)
    const anHour = 3_600_000
    for (const { summary } of result.workers) {
      expect(Math.abs(summary.startedAt - result.releasedAt)).toBeLessThan(anHour / 2)
      expect(Math.abs(summary.endedAt - result.releasedAt)).toBeLessThan(anHour / 2)
    }
  })

  it.each([
    ['file', 'a folder of this machine', { size_kib: 1, reads: 1 }],
    ['http', 'the server of this machine', { size_kib: 1, latency_ms: 0 }],
  ])('is not sent %s, which needs %s', async (workload, needed, parameters) => {
    expect(await reasonOf(there({ workload, parameters, expected: null }))).toMatch(
      new RegExp(
        `^${workload} needs ${needed}; worker tcp://.* is on another; allowed: another workload, or a local cluster$`,
      ),
    )
    expect(await packagesIn(folder)).toEqual([])
  })

  it.each([
    ['absent_task.py', 'there is no PATH on its machine; put it there'],
    ['other_task.py', 'PATH is another on its machine; put the same there'],
  ])('does not do a module that is not the same there: %s', async (name, why) => {
    const workload = scratch.path(name)
    await writeFile(workload, 'def task(index): pass\n')
    const own = { inputs: false, setup: false, check: false }
    expect(await reasonOf(there({ workload, parameters: {}, expected: null, own }))).toMatch(
      new RegExp(
        `^the code could not be brought to worker tcp://\\S+: ${why.replace('PATH', workload)}$`,
      ),
    )
    expect(await packagesIn(folder)).toEqual([])
  })
})
