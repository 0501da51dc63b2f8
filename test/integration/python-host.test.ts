import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { HostToLab, TrialSpec } from '../../src/engine/execution/protocol.ts'
import { startPythonHost } from '../../src/engine/execution/runtimes/python.ts'
import { spansIn } from '../../src/engine/execution/worker/task-spans.ts'
import { taskPercentiles } from '../../src/engine/execution/worker/task-times.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import { interpreterName } from '../../src/shared/model/interpreter.ts'
import { programs } from '../support/programs.ts'
import { pythonsToTest } from '../support/pythons.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'
import {
  endlessPrimes,
  expectInOrder,
  type GoingTrial,
  primes,
  progressOf,
  resultOf,
  total,
  trialWatcher,
  type Watching,
  withTimeFor,
} from '../support/watched-trial.ts'

const pythons = await pythonsToTest()
const python = pythons[0]?.path ?? ''
const scratch = scratchFolder()
const isWindows = process.platform === 'win32'
const isLinux = process.platform === 'linux'

const usual: readonly Model[] = ['threads', 'processes', 'pool', 'thread-pool', 'process-pool']
const ofProcesses: readonly Model[] = ['processes', 'pool', 'process-pool']

const watchTrial = trialWatcher()

interface Where {
  readonly interpreter?: string
  readonly program?: string
  readonly onWork?: (going: GoingTrial) => void
}

function watch(
  spec: TrialSpec,
  { interpreter = python, program = join(programs.python, 'host.py'), onWork }: Where = {},
  watching: Watching = {},
) {
  const onPhase = (name: string, going: GoingTrial) => name === 'work' && onWork?.(going)
  return watchTrial(spec, { runtime: 'python', interpreter, program }, { onPhase, ...watching })
}

/** What is not measured need not be alone: hosts beside each other have two cores at work. */
const forEach = <T>(each: readonly T[], check: (one: T) => Promise<void>) =>
  Promise.all(each.map(check))

/** A copy of what ships in which the workload `primes` is another: what a user's code may be up to. */
function hostDoing(name: string, task: string): Promise<string> {
  const host = made.get(name) ?? makeHostDoing(name, task)
  made.set(name, host)
  return host
}

const made = new Map<string, Promise<string>>()

async function makeHostDoing(name: string, task: string): Promise<string> {
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
function talkTo(interpreter: string, program = join(programs.python, 'host.py')) {
  const host = startPythonHost(interpreter, program)
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
    it.each(['inline', ...usual] as const)('does each task once: %s', async (model) => {
      const workers = model === 'inline' ? 1 : 3
      await forEach(['static', 'dynamic'] as const, async (scheduling) => {
        const watched = await watch({ ...primes, model, workers, scheduling }, { interpreter })
        const result = resultOf(watched)
        expect(watched.phases).toEqual(['baseline', 'spawn', 'barrier', 'work', 'teardown'])
        expect(result.workers).toHaveLength(workers)
        expect(total(result, 'tasks')).toBe(40)
        expect(total(result, 'indexSum')).toBe((40 * 39) / 2)
        expect(total(result, 'wrong')).toBe(0)
        expectInOrder(result)
      })
    })

    it.each(usual)('ends when its time is up: %s', async (model) => {
      // Tasks long enough that the spans of all are kept.
      const work = { parameters: { n: 20_000 }, expected: [2262] }
      const spec = { ...primes, ...work, model, tasks: null, intervalMs: 20 }
      const worked = await withTimeFor(2, 150, async (durationMs) => {
        const watched = await watch({ ...spec, durationMs }, { interpreter })
        const { reports, crew } = watched
        const result = resultOf(watched)
        const { releasedAt, workers } = result
        expectInOrder(result)
        for (const { summary, spans, endCalledAt } of workers) {
          expect(endCalledAt - releasedAt).toBeGreaterThan(durationMs - 1)
          expect(summary.heapUsedBytes).toBeNull()
          const { starts, ends } = spansIn(spans)
          expect(starts.length).toBe(summary.tasks)
          expect(starts.every((start) => start >= releasedAt)).toBe(true)
          // On a busy machine all may be done by the other.
          if (summary.tasks === 0) continue
          const longest = Math.max(...ends.map((end, at) => end - (starts[at] as number)))
          const [slowest] = taskPercentiles([summary.times], [1])
          expect(Math.abs((slowest as number) / longest - 1)).toBeLessThan(0.005)
          const busy = ends.reduce((sum, end, at) => sum + end - (starts[at] as number), 0)
          expect(summary.busyMs).toBeCloseTo(busy, 3)
        }
        expect(reports.at(-1)?.workers.tasks.length).toBe(2)
        expect(new Set(crew.map(({ osThreadId }) => osThreadId)).size).toBe(2)
        return result
      })
      expect(total(worked, 'tasks')).toBeGreaterThan(2)
    })
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
    await forEach(ofProcesses, async (model) => {
      const spec = { ...primes, model, variant, scheduling: 'dynamic' } as const
      const result = resultOf(await watch(spec, { program }))
      expect(total(result, 'indexSum')).toBe((40 * 39) / 2)
      expect(total(result, 'wrong')).toBe(0)
    })
  })

  it('tells how far it is while it works', async () => {
    await forEach(usual, async (model) => {
      const spec = { ...primes, model, tasks: null, durationMs: 60_000 }
      const told = await progressOf((watching) => watch(spec, {}, watching))
      expect(told.toSorted((a, b) => a - b)).toEqual(told)
    })
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
  )

  it('says which results are wrong', async () => {
    const program = await hostDoing('wrong', 'return 303 if index != 7 else 304')
    await forEach(['inline', ...usual] as const, async (model) => {
      const workers = model === 'inline' ? 1 : 2
      const result = resultOf(await watch({ ...primes, model, workers }, { program }))
      expect(total(result, 'wrong')).toBe(1)
      const wrong = result.workers.flatMap(({ summary }) => summary.firstWrong ?? [])
      expect(wrong).toEqual([{ index: 7, found: 304 }])
    })
  })

  it('says which task raised what', async () => {
    const program = await hostDoing(
      'raising',
      'if index == 7: raise ValueError("no such\\nthing")\nreturn 303',
    )
    await forEach(['inline', ...usual] as const, async (model) => {
      const workers = model === 'inline' ? 1 : 2
      const { outcome } = await watch({ ...primes, model, workers }, { program })
      const who = model === 'inline' ? 'the host' : /worker \d \((process|thread) \d+\)/.source
      expect(outcome).toMatchObject({
        status: 'failed',
        reason: expect.stringMatching(`^${who} failed in task 7: ValueError: no such$`),
      })
    })
  })

  it.skipIf(isWindows).each(ofProcesses)(
    'says which worker was killed, and by what: %s',
    async (model) => {
      let killed = 0
      const { outcome, host } = await watch(
        { ...endlessPrimes, model },
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

  it.skipIf(isWindows)(
    'says so too where its pool says meanwhile that it is broken: it is held up itself',
    async () => {
      const program = await hostDoing('held up', 'time.sleep(600)')
      const late = `if __name__ == '__main__':
    import selectors, time
    select = selectors.DefaultSelector.select
    selectors.DefaultSelector.select = lambda *given: time.sleep(0.4) or select(*given)
`
      await writeFile(program, late + (await readFile(program, 'utf8')))
      const { outcome } = await watch(
        { ...endlessPrimes, model: 'process-pool' },
        { program, onWork: ({ crew }) => process.kill(crew[1]?.processId as number, 'SIGKILL') },
      )
      expect(outcome).toMatchObject({
        status: 'failed',
        reason: expect.stringMatching(/^worker 1 .* ended before its time: signal SIGKILL/),
      })
    },
  )

  // Which of them its host comes to first is for Linux alone to say.
  it.runIf(isLinux).each(['pool', 'process-pool'] as const)(
    'says which worker was killed where others were told to end, and that is seen at once: %s',
    async (model) => {
      let killed = 0
      const { outcome } = await watch(
        { ...endlessPrimes, model },
        {
          onWork: ({ host, crew }) => {
            const [told = 0, victim = 0] = crew.map(({ processId }) => processId)
            killed = victim
            process.kill(host, 'SIGSTOP')
            const isStopped = () => /\) T /.test(readFileSync(`/proc/${host}/stat`, 'latin1'))
            return until('the host stands still', isStopped)
              .then(() => process.kill(told, 'SIGTERM'))
              .then(() => until('the first has ended', () => !isAlive(told)))
              .then(() => process.kill(victim, 'SIGKILL'))
              .then(() => until('the second has ended', () => !isAlive(victim)))
              .finally(() => process.kill(host, 'SIGCONT'))
          },
        },
      )
      expect(outcome).toMatchObject({
        status: 'failed',
        reason: expect.stringContaining(
          `(process ${killed}) ended before its time: signal SIGKILL`,
        ),
      })
    },
  )

  it.skipIf(isWindows)('says with which code a task ended its process', async () => {
    const program = await hostDoing('leaving', 'os._exit(3) if index == 3 else None\nreturn 303')
    await forEach(ofProcesses, async (model) => {
      const { outcome } = await watch({ ...primes, model }, { program })
      expect(outcome).toMatchObject({
        status: 'failed',
        reason: expect.stringMatching(
          /^worker \d \(process \d+\) ended before its time: exit code 3$/,
        ),
      })
    })
  })

  it.skipIf(isWindows).each(ofProcesses)(
    'says which worker was killed in the midst of what it said: %s',
    async (model) => {
      // As the kernel does it: up to so many bytes are written at once, of more a part may be there.
      const program = await hostDoing(
        'dying',
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
  )

  it.each(['inline', ...usual] as const)(
    'is not held up by floods of output: %s',
    async (model) => {
      const flood = `print('{"type":"failed","reason":"made up"}', flush=True)
print("{}" * 100_000)
sys.stderr.write("x" * 100_000)
os.write(1, b"{" * 100_000)
return 303`
      const program = await hostDoing('flooding', flood)
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
      host.send({ type: 'start', spec: { ...endlessPrimes, model, workers }, at: 0 })
      await heard('released')
      host.process.stdin?.end()
      await until('its group is gone', () => !isAlive(-leader))
    },
  )

  it.skipIf(isWindows)('ends what multiprocessing starts before it goes', async () => {
    // A host that stays when it would go: else all that it has started goes with it a moment later.
    const program = await hostDoing('staying host', 'return 303')
    const staying = `if __name__ == '__main__':
    import os, time
    os._exit = lambda code: time.sleep(600)
`
    await writeFile(program, staying + (await readFile(program, 'utf8')))
    for (const variant of ['spawn', 'forkserver']) {
      await forEach(ofProcesses, async (model) => {
        const { host, leader, heard } = talkTo(python, program)
        const spec = { ...primes, model, variant, scheduling: 'dynamic' } as const
        host.send({ type: 'start', spec, at: 0 })
        await heard('finished')
        await until('the host is alone', () => membersOf(leader).length <= 1)
        host.process.stdin?.end()
        await until('it is gone', () => !isAlive(-leader))
      })
    }
  })

  it.each(ofProcesses)('takes what tasks return, if it can be pickled: %s', async (model) => {
    const giving = await hostDoing('giving', 'self.context.hand_back(b"x" * 500_000)\nreturn 303')
    expect(total(resultOf(await watch({ ...primes, model }, { program: giving })), 'tasks')).toBe(
      40,
    )
    const keeping = await hostDoing(
      'keeping',
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
    await forEach(usual, async (model) => {
      const result = resultOf(await watch({ ...primes, model }, { program }))
      expect(total(result, 'tasks')).toBe(40)
    })
  })

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
    'leaves no names of semaphores or memory in the system, even if all of it is killed in the midst of work',
    async () => {
      const texts = { workload: 'messages', parameters: { size_bytes: 1000, round_trips: 10 } }
      await forEach(
        [
          ...ofProcesses.map((model) => [model, {}, /\/dev\/shm\/sem\./] as const),
          ...(['processes', 'pool'] as const).map(
            (model) => [model, { ...texts, variant: 'shared-memory' }, /\/dev\/shm\/psm_/] as const,
          ),
        ],
        async ([model, work, name]) => {
          let held: string[] = []
          const scheduling = 'dynamic' as const
          const time = { tasks: null, durationMs: 60_000 }
          const { outcome } = await watch(
            { ...endlessPrimes, model, scheduling, ...time, ...work },
            {
              onWork: ({ host, stop }) => {
                // Under the names that they were made with, which are not those that they are found by.
                held = readFileSync(`/proc/${host}/maps`, 'utf8')
                  .split('\n')
                  .flatMap((line) => (name.test(line) ? (line.split(/\s+/)[4] ?? []) : []))
                stop()
              },
            },
          )
          expect(outcome.status).toBe('interrupted')
          expect(held.length).toBeGreaterThan(0)
          const named = readdirSync('/dev/shm').flatMap(
            (each) => statSync(`/dev/shm/${each}`, { throwIfNoEntry: false })?.ino ?? [],
          )
          expect(held.filter((inode) => named.includes(Number(inode)))).toEqual([])
        },
      )
    },
  )

  it.each(ofProcesses)(
    'is not moved by Ctrl-C, which is for the app to decide on: %s',
    async (model) => {
      const onWork = ({ host, crew }: GoingTrial) => {
        for (const { processId } of crew) process.kill(processId, 'SIGINT')
        process.kill(host, 'SIGINT')
      }
      const spec = { ...primes, model, tasks: null, durationMs: 300 }
      expect(total(resultOf(await watch(spec, { onWork })), 'wrong')).toBe(0)
    },
  )

  it('measures neither what workers make before, nor their processor time until then', async () => {
    const program = await hostDoing('preparing', 'return time.monotonic() * 0 + self.made_at')
    const path = join(program, '../corescope/workloads/primes.py')
    const made = `self.context = context
        until = time.thread_time() + 0.3
        while time.thread_time() < until: pass
        self.made_at = time.monotonic() * 1000`
    await writeFile(path, (await readFile(path, 'utf8')).replace('self.context = context', made))
    await forEach(['inline', ...usual] as const, async (model) => {
      const workers = model === 'inline' ? 1 : 2
      const spec = { ...primes, model, workers, expected: [0] }
      const { workers: all, releasedAt, ...host } = resultOf(await watch(spec, { program }))
      for (const { summary } of all) {
        // Every task is wrong: what it has found is when its worker was ready for it.
        if (isLinux && summary.firstWrong !== null) {
          expect(summary.firstWrong.found).toBeLessThan(releasedAt)
        }
        // Forty tasks that do nothing, beside 300 ms before them.
        expect(summary.cpuMs).toBeLessThan(150)
      }
      if (!ofProcesses.includes(model)) expect(host.hostCpuMs).toBeLessThan(150)
      if (isLinux) expect(host.baselineRssBytes).toBeGreaterThan(1e6)
    })
  })

  it('gives each thread the processor time that is its own', async () => {
    const task = `until = time.thread_time() + 0.1
while index < 2 and time.thread_time() < until: pass
return 303`
    const program = await hostDoing('uneven', task)
    await forEach(['threads', 'thread-pool'] as const, async (model) => {
      const { workers } = resultOf(await watch({ ...primes, model, tasks: 4 }, { program }))
      const [less = 0, more = 0] = workers
        .map(({ summary }) => summary.cpuMs)
        .toSorted((a, b) => a - b)
      expect(less).toBeLessThan(more / 2)
    })
  })

  it.each(['pool', 'process-pool', 'thread-pool'] as const)(
    'hands out static work in a chunk for each worker: %s',
    async (model) => {
      const { workers } = resultOf(await watch({ ...primes, model, workers: 3, tasks: 50 }))
      // One worker may have taken the chunks of another that came late.
      const whole = [0, 16, 17, 33, 34, 50]
      for (const { summary } of workers) expect(whole).toContain(summary.tasks)
    },
  )

  it('says how long another thread of the host had to wait', async () => {
    // Holds the lock for as long as it takes.
    const task = 'import ctypes\nctypes.PyDLL(None).usleep(200_000)\nreturn 303'
    const program = await hostDoing('holding', task)
    const spec = { ...primes, model: 'inline', workers: 1, tasks: 2 } as const
    expect(resultOf(await watch(spec, { program })).hostDelayP99Ms).toBeGreaterThan(100)
  })

  it('says so too where that thread gets its turn only when the work is over', async () => {
    const script = `
import sys, threading
sys.path.insert(0, sys.argv[1])
from corescope.delay import HostDelay
class Late(threading.Thread):
    def start(self): pass
    def join(self):
        threading.Thread.start(self)
        threading.Thread.join(self)
usual, threading.Thread = threading.Thread, Late
delay = HostDelay()
threading.Thread = usual
print(delay.end() >= 0)`
    const said = execFileSync(python, ['-c', script, programs.python], { encoding: 'utf8' })
    expect(said.trim()).toBe('True')
  })

  it.each(['inline', 'processes', 'pool'] as const)(
    'has nothing to be read by a task: %s',
    async (model) => {
      const program = await hostDoing('reading', 'return 303 + len(os.read(0, 1))')
      const workers = model === 'inline' ? 1 : 2
      expect(
        total(resultOf(await watch({ ...primes, model, workers }, { program })), 'wrong'),
      ).toBe(0)
    },
  )

  it.skipIf(isWindows)('ends its workers where it fails, without a lab too', async () => {
    const program = await hostDoing(
      'failing',
      'if index == 0: raise ValueError()\nwhile True: pass',
    )
    await forEach(ofProcesses, async (model) => {
      const { host, leader, heard } = talkTo(python, program)
      host.send({ type: 'start', spec: { ...primes, model }, at: 0 })
      await heard('failed')
      await until('its group is gone', () => !isAlive(-leader))
    })
  })

  it.skipIf(isWindows)(
    'is over though a process in a group of its own holds its output',
    async () => {
      const note = scratch.path('escaped')
      const task = `if index == 0 and os.fork() == 0:
    os.setsid()
    open(${JSON.stringify(note)}, 'w').write(str(os.getpid()))
    time.sleep(600)
    os._exit(0)
return 303`
      const program = await hostDoing('escaping', task)
      const spec = { ...primes, model: 'inline', workers: 1 } as const
      expect(total(resultOf(await watch(spec, { program })), 'tasks')).toBe(40)
      await until('it has told its number', () => /^\d+$/.test(readFileSync(note, 'utf8')))
      process.kill(Number(readFileSync(note, 'utf8')), 'SIGKILL')
    },
  )
})
