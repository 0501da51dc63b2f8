import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  HostReport,
  HostResult,
  HostToLab,
  TrialSpec,
  WorkerIdentity,
} from '../../src/engine/execution/protocol.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { startPythonHost } from '../../src/engine/execution/runtimes/python.ts'
import { runTrial, type TrialOutcome } from '../../src/engine/execution/trial.ts'
import { spansIn } from '../../src/engine/execution/worker/task-spans.ts'
import { taskPercentiles } from '../../src/engine/execution/worker/task-times.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import { interpreterName } from '../../src/shared/model/interpreter.ts'
import { programs } from '../support/programs.ts'
import { pythonsToTest } from '../support/pythons.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const pythons = await pythonsToTest()
const python = pythons[0]?.path ?? ''
const scratch = scratchFolder()
const isWindows = process.platform === 'win32'

let reaper: Reaper
beforeAll(async () => {
  reaper = await Reaper.start(programs.reaper)
})
afterAll(() => reaper.close())

const primes: TrialSpec = {
  workload: 'primes',
  parameters: { n: 2000 },
  seed: 1,
  isProbe: false,
  variant: null,
  model: 'threads',
  workers: 2,
  scheduling: 'static',
  tasks: 40,
  durationMs: null,
  intervalMs: 50,
  baselineMs: 10,
  expected: [303],
  folder: null,
  serverPort: null,
}

/** Tasks that no one waits for the end of. */
const endless = { ...primes, parameters: { n: 20_000_000 }, tasks: 1000, expected: null }

const usual: readonly Model[] = ['threads', 'processes', 'pool', 'thread-pool', 'process-pool']
const ofProcesses: readonly Model[] = ['processes', 'pool', 'process-pool']

interface Watched {
  readonly outcome: TrialOutcome
  readonly phases: readonly string[]
  readonly reports: readonly HostReport[]
  readonly crew: readonly WorkerIdentity[]
  readonly host: number
}

interface Working {
  readonly host: number
  readonly crew: readonly WorkerIdentity[]
  readonly stop: () => void
}

async function watch(
  spec: TrialSpec,
  where: {
    readonly interpreter?: string
    readonly program?: string
    readonly onWork?: (working: Working) => void
  } = {},
): Promise<Watched> {
  const phases: string[] = []
  const reports: HostReport[] = []
  const stopping = new AbortController()
  let crew: readonly WorkerIdentity[] = []
  let host = 0
  const { interpreter = python, program = join(programs.python, 'host.py'), onWork } = where
  const outcome = await runTrial(
    spec,
    { runtime: 'python', interpreter, program },
    reaper,
    stopping.signal,
    {
      started: (processId) => {
        host = processId
      },
      phase: (name) => {
        phases.push(name)
        if (name === 'work') onWork?.({ host, crew, stop: () => stopping.abort() })
      },
      crew: (workers) => {
        crew = workers
      },
      report: (report) => reports.push(report),
      look: async () => {},
    },
  )
  return { outcome, phases, reports, crew, host }
}

function resultOf({ outcome }: Watched): HostResult {
  if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
  return outcome.result
}

const total = (result: HostResult, of: 'tasks' | 'wrong' | 'indexSum') =>
  result.workers.reduce((sum, { summary }) => sum + summary[of], 0)

/** A copy of what ships in which the workload `primes` is another: what a user's code may be up to. */
async function hostDoing(name: string, task: string): Promise<string> {
  const folder = scratch.path(name)
  await cp(programs.python, folder, { recursive: true })
  const kernel = `
import os, signal, sys, threading, time

def prepare(parameters, context):
    return Kernel(context)

class Kernel:
    def __init__(self, context):
        self.context = context

    def task(self, index):
        ${task.replaceAll('\n', '\n        ')}
`
  await writeFile(join(folder, 'corescope', 'workloads', 'primes.py'), kernel)
  return join(folder, 'host.py')
}

/** A host without a lab around it: nobody ends what it leaves. */
function talkTo(interpreter: string) {
  const host = startPythonHost(interpreter, join(programs.python, 'host.py'))
  const waiting = new Map<string, () => void>()
  for (const stream of host.output) stream?.resume()
  host.listen((said) => {
    const message = said as HostToLab
    if (message.type === 'look') host.send({ type: 'go-on' })
    waiting.get(message.type)?.()
  })
  const heard = (type: HostToLab['type']) =>
    new Promise<void>((resolve) => void waiting.set(type, resolve))
  return { host, leader: host.process.pid as number, heard }
}

/** Processes of a group that have not ended. */
function membersOf(leader: number): number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat='], { encoding: 'utf8' })
  return listed
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, group, state = 'Z']) => Number(group) === leader && !state.startsWith('Z'))
    .map(([id]) => Number(id))
}

const skipped = pythons.length === 0 ? ' (skipped: no Python of 3.8 or later was found)' : ''

describe.each(pythons.map((each) => [interpreterName(each), each.path] as const))(
  'a trial of %s',
  (_, interpreter) => {
    it.each(['inline', ...usual] as const)(
      'does each task once: %s',
      async (model) => {
        const workers = model === 'inline' ? 1 : 3
        for (const scheduling of ['static', 'dynamic'] as const) {
          const watched = await watch({ ...primes, model, workers, scheduling }, { interpreter })
          const result = resultOf(watched)
          expect(watched.phases).toEqual(['baseline', 'spawn', 'barrier', 'work', 'teardown'])
          expect(result.workers).toHaveLength(workers)
          expect(total(result, 'tasks')).toBe(40)
          expect(total(result, 'indexSum')).toBe((40 * 39) / 2)
          expect(total(result, 'wrong')).toBe(0)
        }
      },
      60_000,
    )

    it.each(usual)(
      'ends when its time is up: %s',
      async (model) => {
        // Tasks long enough that the spans of all are kept.
        const work = { parameters: { n: 20_000 }, expected: [2262] }
        const spec = { ...primes, ...work, model, tasks: null, durationMs: 150, intervalMs: 20 }
        const { outcome, reports, crew } = await watch(spec, { interpreter })
        if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
        const { releasedAt, workers } = outcome.result
        expect(total(outcome.result, 'tasks')).toBeGreaterThan(2)
        for (const { summary, spans, startCalledAt, readyAt, endCalledAt, exitedAt } of workers) {
          expect(startCalledAt).toBeLessThan(readyAt)
          expect(readyAt).toBeLessThan(releasedAt)
          expect(summary.endedAt).toBeLessThanOrEqual(endCalledAt)
          expect(endCalledAt).toBeLessThan(exitedAt)
          expect(summary.heapUsedBytes).toBeNull()
          const { starts, ends } = spansIn(spans)
          expect(starts.length).toBe(summary.tasks)
          expect(starts.every((start) => start >= releasedAt)).toBe(summary.tasks > 0)
          const longest = Math.max(...ends.map((end, at) => end - (starts[at] as number)))
          const [slowest] = taskPercentiles([summary.times], [1])
          expect(Math.abs((slowest as number) / longest - 1)).toBeLessThan(0.005)
        }
        expect(reports.at(-1)?.workers.tasks.length).toBe(2)
        expect(new Set(crew.map(({ osThreadId }) => osThreadId)).size).toBe(2)
      },
      60_000,
    )
  },
)

describe.skipIf(pythons.length === 0)(`a host of Python${skipped}`, () => {
  it.each([
    ['spawn', 'SpawnProcess'],
    ['fork', 'ForkProcess'],
    ['forkserver', 'ForkServerProcess'],
  ])('starts its processes by %s', async (variant, kind) => {
    const task = `from multiprocessing import current_process
return 303 if type(current_process()).__name__ == "${kind}" else 0`
    const program = await hostDoing(`started by ${variant}`, task)
    for (const model of ofProcesses) {
      const spec = { ...primes, model, variant, scheduling: 'dynamic' } as const
      const result = resultOf(await watch(spec, { program }))
      expect(total(result, 'indexSum')).toBe((40 * 39) / 2)
      expect(total(result, 'wrong')).toBe(0)
    }
  })

  it('keeps the times of some of many tasks, spread over all of the work', async () => {
    const spec = {
      ...primes,
      model: 'inline',
      workers: 1,
      parameters: { n: 3 },
      expected: [1],
    } as const
    const [worker] = resultOf(await watch({ ...spec, tasks: 5000 })).workers
    const { starts } = spansIn(worker?.spans)
    // 2000 at most: all of them, every second one after 2000 tasks, every fourth after 4000.
    expect(starts.length).toBeGreaterThan(1200)
    expect(starts.length).toBeLessThan(1300)
  })

  it.each(usual)(
    'gives work to 64 workers, and to more than there are tasks: %s',
    async (model) => {
      const variant = ofProcesses.includes(model) ? 'fork' : null
      const many = resultOf(await watch({ ...primes, model, variant, workers: 64, tasks: 200 }))
      expect(total(many, 'indexSum')).toBe((200 * 199) / 2)
      const few = resultOf(await watch({ ...primes, model, variant, workers: 4, tasks: 3 }))
      expect(total(few, 'tasks')).toBe(3)
      expect(few.workers).toHaveLength(4)
    },
    60_000,
  )

  it('says which results are wrong', async () => {
    const program = await hostDoing('wrong', 'return 303 if index != 7 else 304')
    for (const model of ['inline', ...usual] as const) {
      const workers = model === 'inline' ? 1 : 2
      const result = resultOf(await watch({ ...primes, model, workers }, { program }))
      expect(total(result, 'wrong')).toBe(1)
      const wrong = result.workers.flatMap(({ summary }) => summary.firstWrong ?? [])
      expect(wrong).toEqual([{ index: 7, found: 304 }])
    }
  })

  it('says which task raised what', async () => {
    const program = await hostDoing(
      'raising',
      'if index == 7: raise ValueError("no such\\nthing")\nreturn 303',
    )
    for (const model of ['inline', ...usual] as const) {
      const workers = model === 'inline' ? 1 : 2
      const { outcome } = await watch({ ...primes, model, workers }, { program })
      const who = model === 'inline' ? 'the host' : /worker \d \((process|thread) \d+\)/.source
      expect(outcome).toMatchObject({
        status: 'failed',
        reason: expect.stringMatching(`^${who} failed in task 7: ValueError: no such$`),
      })
    }
  })

  it.skipIf(isWindows).each(ofProcesses)(
    'says which worker was killed, and by what: %s',
    async (model) => {
      let killed = 0
      const { outcome, host } = await watch(
        { ...endless, model },
        {
          onWork: ({ crew }) => {
            killed = crew[1]?.processId as number
            process.kill(killed, 'SIGKILL')
          },
        },
      )
      expect(outcome).toMatchObject({
        status: 'failed',
        reason: `worker 1 (process ${killed}) ended before its time: signal SIGKILL: perhaps the machine ran out of memory`,
      })
      await until('its group is gone', () => !isAlive(-host))
    },
  )

  it.skipIf(isWindows)('says with which code a task ended its process', async () => {
    const program = await hostDoing('leaving', 'os._exit(3) if index == 3 else None\nreturn 303')
    for (const model of ofProcesses) {
      const { outcome } = await watch({ ...primes, model }, { program })
      expect(outcome).toMatchObject({
        status: 'failed',
        reason: expect.stringMatching(
          /^worker \d \(process \d+\) ended before its time: exit code 3$/,
        ),
      })
    }
  })

  it.skipIf(isWindows).each(ofProcesses)(
    'says which worker was killed in the midst of what it said: %s',
    async (model) => {
      // As the kernel does it: up to so many bytes are written at once, of more a part may be there.
      const program = await hostDoing(
        `dying ${model}`,
        `import select
from multiprocessing.connection import Connection
def send(self, data, write=os.write):
    if b'firstWrong' not in bytes(data): return whole(self, data)
    write(self._handle, data[:len(data) // 2] if len(data) > select.PIPE_BUF else data)
    os.kill(os.getpid(), signal.SIGKILL)
if index == 7: whole, Connection._send = Connection._send, send
return 303 if index != 7 else 'x' * 300_000`,
      )
      const { outcome } = await watch({ ...primes, model }, { program })
      expect(outcome).toMatchObject({
        status: 'failed',
        reason: expect.stringMatching(
          /^worker \d \(process \d+\) ended before its time: signal SIGKILL/,
        ),
      })
    },
    20_000,
  )

  it.each(['inline', ...usual] as const)(
    'is not held up by floods of output: %s',
    async (model) => {
      const flood = `print('{"type":"failed","reason":"made up"}', flush=True)
print("{}" * 100_000)
sys.stderr.write("x" * 100_000)
os.write(1, b"{" * 100_000)
return 303`
      const program = await hostDoing(`flooding ${model}`, flood)
      const workers = model === 'inline' ? 1 : 2
      const result = resultOf(await watch({ ...primes, model, workers }, { program }))
      expect(total(result, 'tasks')).toBe(40)
    },
  )

  it.skipIf(isWindows).each(['inline', ...usual] as const)(
    'ends with the lab, its workers in the midst of a task: %s',
    async (model) => {
      const { host, leader, heard } = talkTo(python)
      const workers = model === 'inline' ? 1 : 2
      host.send({ type: 'start', spec: { ...endless, model, workers }, at: 0 })
      await heard('released')
      host.process.stdin?.end()
      await until('its group is gone', () => !isAlive(-leader), 2000)
    },
  )

  it.skipIf(isWindows)(
    'ends what multiprocessing starts before it says that it is done',
    async () => {
      for (const variant of ['spawn', 'forkserver']) {
        for (const model of ofProcesses) {
          const { host, leader, heard } = talkTo(python)
          const spec = { ...primes, model, variant, scheduling: 'dynamic' } as const
          host.send({ type: 'start', spec, at: 0 })
          await heard('finished')
          await until('the host is alone', () => membersOf(leader).length <= 1, 1000)
          host.process.stdin?.end()
          await until('it is gone', () => !isAlive(-leader))
        }
      }
    },
  )

  it.each(ofProcesses)('takes what tasks return, if it can be pickled: %s', async (model) => {
    const giving = await hostDoing(
      `giving ${model}`,
      'self.context.hand_back(b"x" * 500_000)\nreturn 303',
    )
    expect(total(resultOf(await watch({ ...primes, model }, { program: giving })), 'tasks')).toBe(
      40,
    )
    const keeping = await hostDoing(
      `keeping ${model}`,
      'if index == 5: self.context.hand_back(threading.Lock())\nreturn 303',
    )
    const { outcome } = await watch({ ...primes, model }, { program: keeping })
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(
        /failed in task 5: what it returned cannot be pickled, and (the )?processes( of a pool)? have to: output: TypeError: cannot pickle '_thread.lock' object$/,
      ),
    })
  })

  it('goes without a worker that does not end when it is asked to', async () => {
    const program = await hostDoing(
      'staying',
      'if index == 0: threading.Thread(target=time.sleep, args=(600,)).start()\nreturn 303',
    )
    for (const model of usual) {
      const result = resultOf(await watch({ ...primes, model }, { program }))
      expect(total(result, 'tasks')).toBe(40)
    }
  }, 30_000)

  it('is told to begin when it listens, since it sets its clock by that', async () => {
    const program = scratch.path('late.py')
    await writeFile(
      program,
      `
import json, sys, time
time.sleep(0.2)
listening_at = time.monotonic() * 1000
sys.stdout.write('\\n')
sys.stdout.flush()
sent_at = json.loads(sys.stdin.readline())['at']
print(json.dumps({'type': 'failed', 'reason': 'late' if sent_at > listening_at else 'early'}))
sys.stdout.flush()
`,
    )
    const { outcome } = await watch(primes, { program })
    expect(outcome).toMatchObject({ status: 'failed', reason: 'late' })
  })

  it.skipIf(process.platform !== 'linux')(
    'leaves no names of semaphores in the system, even if all of it is killed in the midst of work',
    async () => {
      for (const model of ofProcesses) {
        let held: string[] = []
        const spec = { ...endless, model, scheduling: 'dynamic' } as const
        const { outcome } = await watch(spec, {
          onWork: ({ host, stop }) => {
            // Under the names that they were made with, which are not those that they are found by.
            held = readFileSync(`/proc/${host}/maps`, 'utf8')
              .split('\n')
              .flatMap((line) =>
                line.includes('/dev/shm/sem.') ? (line.split(/\s+/)[4] ?? []) : [],
              )
            stop()
          },
        })
        expect(outcome.status).toBe('interrupted')
        expect(held.length).toBeGreaterThan(0)
        const named = readdirSync('/dev/shm').flatMap(
          (name) => statSync(`/dev/shm/${name}`, { throwIfNoEntry: false })?.ino ?? [],
        )
        expect(held.filter((inode) => named.includes(Number(inode)))).toEqual([])
      }
    },
    60_000,
  )

  it('is not moved by Ctrl-C, which is for the app to decide on', async () => {
    const result = resultOf(
      await watch(
        { ...primes, model: 'processes', tasks: null, durationMs: 300 },
        {
          onWork: ({ host, crew }) => {
            for (const { processId } of crew) process.kill(processId, 'SIGINT')
            process.kill(host, 'SIGINT')
          },
        },
      ),
    )
    expect(total(result, 'wrong')).toBe(0)
  })
})
