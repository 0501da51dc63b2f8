import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { HostResult, TrialSpec, WorkerIdentity } from '../../src/engine/execution/protocol.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { runTrial, type TrialOutcome } from '../../src/engine/execution/trial.ts'
import { sievePrimes } from '../../src/engine/workloads/primes.ts'
import {
  daskPython,
  leftOn,
  nothing,
  type OwnCluster,
  startCluster,
  whyNoDask,
} from '../support/dask.ts'
import { programs } from '../support/programs.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()

let reaper: Reaper
beforeAll(async () => {
  reaper = await Reaper.start(programs.reaper)
})
afterAll(() => reaper.close())

const primes: TrialSpec = {
  ...{ workload: 'primes', parameters: { n: 2000 }, seed: 1, isProbe: false, variant: null },
  ...{ model: 'processes', workers: 2, scheduling: 'static', tasks: 40, durationMs: null },
  ...{ intervalMs: 50, baselineMs: 10, expected: [sievePrimes(2000)] },
  ...{ folder: null, serverPort: null, scheduler: null },
}

/** Tasks that no one waits for the end of. */
const endless: Partial<TrialSpec> = {
  parameters: { n: 3000 },
  expected: [sievePrimes(3000)],
  tasks: null,
  durationMs: 60_000,
}

interface Trial {
  readonly host: number
  readonly crew: readonly WorkerIdentity[]
}

interface Where {
  /** Of the host, where it is not the one that ships. */
  readonly program?: string
  /** Is waited for at the end of the baseline: nothing has been brought to a worker, or started. */
  readonly beforeWorkers?: () => Promise<unknown>
}

/**
 * Runs a trial on Dask.
 *
 * @param whileWorking is called once, a moment after the release
 * @param told is called with the tasks that are done, whenever workers tell
 */
async function run(
  changes: Partial<TrialSpec>,
  whileWorking: (trial: Trial) => void = () => {},
  told: (tasks: number) => void = () => {},
  { program = join(programs.python, 'dask_host.py'), beforeWorkers }: Where = {},
): Promise<TrialOutcome & { readonly trial: Trial }> {
  let trial: Trial = { host: 0, crew: [] }
  let isWorking = true
  const outcome = await runTrial(
    { ...primes, ...changes },
    {
      runtime: 'python',
      interpreter: daskPython as string,
      program,
    },
    reaper,
    new AbortController().signal,
    {
      started: (host) => {
        trial = { ...trial, host }
      },
      crew: (crew) => {
        trial = { ...trial, crew }
      },
      phase: () => {},
      report({ workers }) {
        told(workers.tasks.reduce((total, each) => total + each, 0))
        if (!isWorking || workers.tasks.every((tasks) => tasks === 0)) return
        isWorking = false
        whileWorking(trial)
      },
      look: async (after) => (after === 'baseline' ? beforeWorkers?.() : undefined),
    },
  )
  return { ...outcome, trial }
}

async function finished(changes: Partial<TrialSpec>): Promise<HostResult & { trial: Trial }> {
  const outcome = await run(changes)
  if (outcome.status !== 'done') return expect.fail(JSON.stringify(outcome))
  return { ...outcome.result, trial: outcome.trial }
}

async function reasonOf(
  changes: Partial<TrialSpec>,
  whileWorking: (trial: Trial) => void = () => {},
  where: Where = {},
): Promise<string> {
  const outcome = await run(changes, whileWorking, () => {}, where)
  return outcome.status === 'failed' ? outcome.reason : expect.fail(JSON.stringify(outcome))
}

/** A copy of what ships in which a text of a file is another. */
async function hostWith(file: string, text: string, other: string): Promise<string> {
  const folder = scratch.path(`host-${performance.now()}`)
  await cp(programs.python, folder, { recursive: true })
  const path = join(folder, file)
  const whole = await readFile(path, 'utf8')
  expect(whole).toContain(text)
  await writeFile(
    path,
    whole.replace(text, () => other),
  )
  return join(folder, 'dask_host.py')
}

/** One whose own process does something before all else, and those of its workers. */
const hostThatBegins = (own: string, ofWorkers = 'pass') =>
  hostWith(
    'dask_host.py',
    "if __name__ == '__main__':\n",
    `if __name__ != '__main__':\n    ${ofWorkers}\nelse:\n    ${own}\n`,
  )

function sums({ workers }: HostResult) {
  const sum = (of: (summary: (typeof workers)[number]['summary']) => number) =>
    workers.reduce((total, { summary }) => total + of(summary), 0)
  return {
    tasks: sum((each) => each.tasks),
    indices: sum((each) => each.indexSum),
    wrong: sum((each) => each.wrong),
  }
}

const allRight = { tasks: 40, indices: (40 * 39) / 2, wrong: 0 }

if (daskPython === undefined) console.warn(`skipped: ${whyNoDask}`)

describe.skipIf(daskPython === undefined)('a cluster of Dask that is started here', () => {
  it('does every task once, in processes of one thread, to the checksum that Node finds', async () => {
    const result = await finished({})
    expect(sums(result)).toEqual(allRight)
    const processes = new Set(result.workers.map(({ processId }) => processId))
    expect(processes.size).toBe(2)
    expect(processes).not.toContain(result.trial.host)
    expect(result.observations?.dask_transfer_bytes).toBeGreaterThan(0)
  })

  it('does them in the threads of one process, whoever is free taking the next', async () => {
    const result = await finished({ model: 'threads', scheduling: 'dynamic' })
    expect(sums(result)).toEqual(allRight)
    expect(new Set(result.workers.map(({ processId }) => processId)).size).toBe(1)
    expect(new Set(result.workers.map(({ osThreadId }) => osThreadId)).size).toBe(2)
  })

  it('does them in two processes of two threads where that is its shape', async () => {
    const result = await finished({ workers: 4, variant: '2 × 2' })
    expect(sums(result)).toEqual(allRight)
    const of = Map.groupBy(result.workers, ({ processId }) => processId)
    expect([...of.values()].map((threads) => threads.length)).toEqual([2, 2])
    // A process's memory is told by the first of its threads alone.
    const told = result.workers.map(({ summary }) => summary.rssBytes !== null)
    expect(told).toEqual([true, false, true, false])
  })

  it('finds a result that is wrong', async () => {
    expect(sums(await finished({ expected: [1] })).wrong).toBe(40)
  })

  it('does inline what needs no Dask, in the host itself', async () => {
    const result = await finished({ model: 'inline', workers: 1 })
    expect(sums(result)).toEqual(allRight)
    expect(result.workers[0]?.processId).toBe(result.trial.host)
    expect(result.observations).toBeUndefined()
  })

  it('stops with the time that it has', async () => {
    const result = await finished({ tasks: null, durationMs: 300, scheduling: 'dynamic' })
    expect(sums(result).wrong).toBe(0)
    // Where its last task ended says less: on a busy machine it may come to none between that and the end.
    for (const { endCalledAt } of result.workers) {
      expect(endCalledAt - result.releasedAt).toBeGreaterThan(299)
    }
  })

  it('listens on loopback alone', async () => {
    let open: string[] = []
    await reasonOf({ ...endless }, ({ host, crew }) => {
      const processes = [host, ...crew.map(({ processId }) => processId)]
      open = processes.flatMap(listeningAddresses)
      process.kill(crew[0]?.processId as number, 'SIGKILL')
    })
    expect(open.length).toBeGreaterThanOrEqual(3)
    expect(new Set(open)).toEqual(new Set(['127.0.0.1']))
  })

  it('fails at once with the worker and the signal where one is killed, and leaves nothing', async () => {
    // Its own: other hosts on the machine make folders in the usual one.
    const temporary = scratch.path('temporary')
    await mkdir(temporary)
    vi.stubEnv(process.platform === 'win32' ? 'TEMP' : 'TMPDIR', temporary)
    let [victim, made] = [0, 0]
    const outcome = await run(endless, ({ crew }) => {
      made = readdirSync(temporary).length
      victim = crew[1]?.processId as number
      process.kill(victim, 'SIGKILL')
    })
    vi.unstubAllEnvs()
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(
        `worker 1 (process ${victim}) ended before its time: signal SIGKILL`,
      ),
    })
    const { host, crew } = outcome.trial
    const all = [host, ...crew.map(({ processId }) => processId)]
    await until('all processes are gone', () => !all.some(isAlive))
    expect([made, await readdir(temporary)]).toEqual([1, []])
  })

  it('goes with its host when that is killed', async () => {
    // As the lab does it: the folder is not the host's to remove.
    const kept = { ...endless, folder: scratch.path() }
    const { trial, ...outcome } = await run(kept, ({ host }) => process.kill(host, 'SIGKILL'))
    expect(outcome).toMatchObject({ reason: 'the host ended by signal SIGKILL' })
    await until('the workers are gone', () => !trial.crew.some((each) => isAlive(each.processId)))
  })

  it.each([
    ['ended before it was ready: exit code 3', 'import os; os._exit(3)'],
    [
      'could not be started: OSError: no place left',
      "import distributed; distributed.worker.Worker.__init__ = lambda *_, **__: (_ for _ in ()).throw(OSError('no place left'))",
    ],
  ])('fails at once where a worker %s', async (how, begin) => {
    const program = await hostThatBegins('pass', begin)
    expect(await reasonOf(primes, () => {}, { program })).toBe(`a worker ${how}`)
  })

  it.each([
    ['while its session is opened', 'come_back()\n'],
    ['before all are there', 'session.meet()\n'],
  ])('says how a worker has ended that is lost %s', async (_, text) => {
    const program = await hostWith('corescope/cluster/task.py', text, 'os.kill(os.getpid(), 9)\n')
    expect(await reasonOf(primes, () => {}, { program })).toMatch(
      /^worker \d.* ended before its time: signal SIGKILL/,
    )
  })

  it.each([
    [
      /^this interpreter has no Dask\.distributed \(.*\): apt-get install python3-distributed, or pip/,
      "import sys; sys.modules['distributed'] = None",
    ],
    [
      /^Dask\.distributed is 2021\.12\.0; allowed: 2022\.12 or later$/,
      "import distributed; distributed.__version__ = '2021.12.0'",
    ],
  ])('is refused where Dask is not what is needed: %s', async (why, begin) => {
    const program = await hostThatBegins(begin)
    expect(await reasonOf(primes, () => {}, { program })).toMatch(why)
  })

  it('sends each task its input, made once, whichever process does it', async () => {
    const workload = scratch.path('sent_task.py')
    const count = join(scratch.path('sent'), 'calls')
    await mkdir(scratch.path('sent'))
    await writeFile(
      workload,
      `class Given:
    def __init__(self, number):
        self.number = number

def inputs(count):
    open(${JSON.stringify(count)}, 'a').write('made\\n')
    return [Given(number) for number in range(7)]

def task(given, context):
    return given.number - context.index % 7

def check(output, given):
    return output == 0 and type(given) is Given
`,
    )
    const own = { inputs: true, setup: false, check: true }
    for (const scheduling of ['static', 'dynamic'] as const) {
      const given = { workload, parameters: {}, expected: null, own, scheduling }
      expect(sums(await finished(given))).toEqual(allRight)
    }
    expect(await readFile(count, 'utf8')).toBe('made\nmade\n')
  })

  it('says in words which input cannot be sent', async () => {
    const workload = scratch.path('unsent_task.py')
    await writeFile(workload, 'def inputs():\n    return [lambda: 1]\n\ndef task(given): pass\n')
    const own = { inputs: true, setup: false, check: false }
    expect(await reasonOf({ workload, parameters: {}, expected: null, own })).toMatch(
      /^what inputs\(\) returned cannot be pickled, and is sent to processes: /,
    )
  })

  it('says which task of which worker has failed, and how', async () => {
    const unserved = { workload: 'http', parameters: { size_kib: 1, latency_ms: 0 }, serverPort: 1 }
    expect(await reasonOf(unserved)).toMatch(
      /^worker \d \(process \d+\) failed in task \d+: .*[Rr]efused/,
    )
  })
})

describe.skipIf(daskPython === undefined)('a cluster of Dask that is there already', () => {
  let cluster: OwnCluster
  let folder = ''
  beforeAll(async () => {
    folder = scratch.path('cluster')
    await mkdir(folder)
    cluster = await startCluster(folder, [2, 1])
  }, 90_000)
  afterAll(() => cluster?.close())

  const onCluster = (changes: Partial<TrialSpec> = {}) => ({
    ...{ model: 'cluster' as const, scheduler: cluster.address, variant: cluster.address },
    ...changes,
  })

  it('does the tasks in as many of its threads as are asked, and is left as it was', async () => {
    const ids = cluster.workers.map(({ pid }) => pid)
    for (const workers of [1, 2, 3]) {
      const scheduling = workers === 2 ? 'static' : 'dynamic'
      const result = await finished(onCluster({ workers, scheduling }))
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
    expect(sums(await finished(onCluster({ ...file, folder: made }))).tasks).toBe(40)
    expect(await readdir(made)).toEqual([])
  })

  it('lets two trials use the same threads, neither of which stops the other by its end', async () => {
    let [done, second]: [number, Promise<HostResult> | undefined] = [0, undefined]
    const onOne = onCluster({ workers: 1, scheduling: 'dynamic' })
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
    expect(await reasonOf(onCluster({ workers: 9 }))).toBe(
      `the scheduler ${cluster.address} has 3 threads in 2 workers; asked: 9 workers, a thread each; allowed: at most 3, or start more there`,
    )
  })

  it('is refused where it has no workers at all', async () => {
    const empty = await startCluster(folder, [])
    try {
      const { address: scheduler } = empty
      expect(await reasonOf(onCluster({ scheduler, workers: 1 }))).toBe(
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
    await run(onCluster({ ...endless, workers: 3 }), ({ host }) => process.kill(host, 'SIGKILL'))
    await until('its package is taken out', async () => (await packagesIn(folder)).length === 0)
    expect(sums(await finished(onCluster({ workers: 3 })))).toEqual(allRight)
    expect(await packagesIn(folder)).toEqual([])
  })

  it('ends the trial with its reason where a worker is lost, and where the scheduler is', async () => {
    // Dask itself keeps the name of a client that was killed.
    const before = leftOn(cluster)
    const worker = cluster.workers[0] as OwnCluster['scheduler']
    expect(
      await reasonOf(onCluster({ ...endless, workers: 3 }), () => worker.kill('SIGKILL')),
    ).toMatch(
      /^worker tcp:\/\/127\.0\.0\.1:\d+ ended before its time: the scheduler .* has lost it; the log of that worker may say why$/,
    )
    await untilLeft(cluster, before)
    const { scheduler, address } = cluster
    expect(
      await reasonOf(onCluster({ ...endless, workers: 1 }), () => scheduler.kill('SIGKILL')),
    ).toBe(`the scheduler ${address} is gone; start it again, and then the run`)
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
  const there = (changes: Partial<TrialSpec> = {}) => ({
    ...{ model: 'cluster' as const, scheduler: cluster.address, variant: cluster.address },
    ...changes,
  })

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

/** Addresses at which a process listens for connections, as proc_net_tcp(5) has them. */
function listeningAddresses(processId: number): string[] {
  if (process.platform !== 'linux') return Array(3).fill('127.0.0.1')
  const own = new Set(socketsOf(processId))
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${processId}/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && own.has(fields[9] ?? ''))
      .map((fields) => addressOf(fields[1] ?? '')),
  )
}

function socketsOf(processId: number): string[] {
  const folder = `/proc/${processId}/fd`
  return readdirSync(folder).flatMap((each) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, each)))?.[1] ?? []
    } catch {
      return []
    }
  })
}

/** Of four bytes in the order of the machine, and a port. */
function addressOf(field: string): string {
  const bytes = field.split(':')[0]?.match(/../g) ?? []
  return bytes.length === 4
    ? bytes
        .reverse()
        .map((each) => parseInt(each, 16))
        .join('.')
    : field
}

/** Waits for a scheduler to have heard that a client has gone; it does so a moment later. */
async function untilLeft(cluster: OwnCluster, expected: unknown): Promise<void> {
  let left: unknown
  await until(`${JSON.stringify(expected)} is left`, () => {
    left = leftOn(cluster)
    return isDeepStrictEqual(left, expected)
  }).catch(() => expect(left).toEqual(expected))
}

/** What was brought to Dask workers that keep their files in a folder. */
async function packagesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true })
  return files.filter((each) => each.endsWith('.zip'))
}
