import { readdirSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { daskPython, whyNoDask } from '../support/dask.ts'
import { allRight, daskTrials, endless, primes, sums } from '../support/dask-trials.ts'
import { listeningAddresses } from '../support/listening.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const { run, finished, reasonOf, hostWith, hostThatBegins } = daskTrials(scratch)

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
    // Its nanny may know of it a moment later than the scheduler does.
    expect(await reasonOf(primes, () => {}, { program })).toMatch(
      /^(worker \d.* ended before its time|a worker ended before it was ready): signal SIGKILL/,
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
