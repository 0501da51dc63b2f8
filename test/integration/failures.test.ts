import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VictimHost } from '../../src/engine/execution/probes/victim-host.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { runTrial, type TrialOutcome } from '../../src/engine/execution/trial.ts'
import type { Observations } from '../../src/shared/model/experiment.ts'
import { type Failure, failures } from '../../src/shared/model/failure.ts'
import { programs } from '../support/programs.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
let reaper: Reaper
beforeAll(async () => {
  reaper = await Reaper.start(programs.reaper)
})
afterAll(() => reaper.close())

const isWindows = process.platform === 'win32'
/** Whether anything of a process group is there. */
const isLeft = (leader: number) => isAlive(isWindows ? leader : -leader)

type Victims = 'threads' | 'processes'

interface Observed {
  readonly outcome: TrialOutcome
  readonly host: number
  readonly folder: string
}

/** How the failures of these tests went: one that is looked at twice happens once. */
const happened = new Map<string, Promise<Observed>>()

function observedOnce(model: Victims, variant: Failure): Promise<Observed> {
  const key = `${model} ${variant}`
  const observed = happened.get(key) ?? observe(model, variant)
  happened.set(key, observed)
  return observed
}

/**
 * Long enough for a worker on a busy machine to be slow and not lost: who looks for memory that is not
 * there may be silent for seconds. It is waited for where nothing else ends the worker.
 */
const deadlineOf = (failure: Failure) => (failure === 'endless loop' ? 2000 : 60_000)

async function observe(
  model: Victims,
  variant: Failure,
  signal = new AbortController().signal,
  onWork = () => {},
): Promise<Observed> {
  const folder = scratch.path(`${model} ${variant}`)
  await mkdir(folder, { recursive: true })
  let host = 0
  const outcome = await runTrial(
    {
      ...{ workload: 'failures', isProbe: true, variant, seed: 1, model, workers: 3 },
      parameters: { deadline_ms: deadlineOf(variant), leak_mb: 40, watch_s: 1 },
      ...{ scheduling: 'static', tasks: null, durationMs: 1, intervalMs: 50, baselineMs: 1 },
      ...{ expected: null, folder, serverPort: null },
    },
    { runtime: 'node', program: programs.host },
    reaper,
    signal,
    {
      started: (processId) => {
        host = processId
      },
      phase: (name) => name === 'work' && onWork(),
      crew: () => {},
      report: () => {},
      look: async () => {},
    },
  )
  return { outcome, host, folder }
}

const crash = (signal: string) =>
  // Where there are no signals, a number of the system's.
  isWindows ? expect.stringMatching(/exit code \d+$/) : expect.stringMatching(`signal ${signal}$`)

const threadAlone = (ending: string): Observations => ({
  worker_outcome: ending,
  ...{ siblings_alive: 2, siblings_outcome: 'went on' },
  ...{ host_survived: true, host_outcome: 'survived' },
})
const processAlone = threadAlone
const wholeProgram = (signal: string): Observations => ({
  worker_outcome: 'died with the program',
  ...{ siblings_alive: 0, siblings_outcome: 'died' },
  ...{ host_survived: false, host_outcome: crash(signal) },
})
const outOfMemory = threadAlone(
  'ended: Error: Worker terminated due to reaching memory limit: JS heap out of memory',
)

/** As Node's documentation has it: of workers, of `process`, of resource limits. */
const documented: Readonly<Record<Failure, Readonly<Record<Victims, Observations>>>> = {
  'unhandled error': {
    threads: threadAlone('ended: Error: thrown in a timer'),
    processes: processAlone('ended: exit code 1'),
  },
  'unhandled rejection': {
    threads: threadAlone('ended: Error: rejected'),
    processes: processAlone('ended: exit code 1'),
  },
  'process.exit': {
    threads: threadAlone('ended: exit code 7'),
    processes: processAlone('ended: exit code 7'),
  },
  'process.abort': {
    threads: threadAlone('ended: TypeError: process.abort() is not supported in workers'),
    processes: processAlone(crash('SIGABRT')),
  },
  'out of memory, own limit': { threads: outOfMemory, processes: processAlone(crash('SIGABRT')) },
  'out of memory, no own limit': {
    threads: outOfMemory,
    processes: processAlone(crash('SIGABRT')),
  },
  'out of memory, at once': {
    threads: wholeProgram('SIGABRT'),
    processes: processAlone(crash('SIGABRT')),
  },
  'native crash': {
    threads: wholeProgram('SIGSEGV'),
    processes: processAlone(crash('SIGSEGV')),
  },
  'endless loop': {
    threads: threadAlone('ended from outside'),
    processes: processAlone('ended from outside'),
  },
  leak: {
    threads: threadAlone('ended from outside'),
    processes: processAlone('ended from outside'),
  },
}

describe.each(['threads', 'processes'] as const)('one of three %s fails', (model) => {
  it.each(failures)('by %s, and is replaced; nothing is left', async (failure) => {
    const { outcome, host, folder } = await observedOnce(model, failure)
    if (outcome.status !== 'observed') expect.fail(JSON.stringify(outcome))
    const { observations } = outcome.result
    expect(observations).toMatchObject(documented[failure][model])
    expect(observations.recovery_ms).toBeGreaterThan(0)
    await until('the group of the host is gone', () => !isLeft(host))
    // Neither a core nor a report.
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a failure that is being watched', () => {
  it.each(['threads', 'processes'] as const)(
    'is stopped with all of the %s in the middle of an endless loop',
    async (model) => {
      const stop = new AbortController()
      const { outcome, host } = await observe(model, 'endless loop', stop.signal, () =>
        stop.abort('enough'),
      )
      expect(outcome).toEqual({ status: 'interrupted' })
      await until('the group of the host is gone', () => !isLeft(host))
    },
  )

  it('knows of a leak whose memory it was', async () => {
    const grown = async (model: Victims) => {
      const { outcome } = await observedOnce(model, 'leak')
      if (outcome.status !== 'observed') expect.fail(JSON.stringify(outcome))
      const { observations } = outcome.result
      const mebibytes = (key: string) => Number(observations[key]) / 2 ** 20
      return {
        isHost: mebibytes('grown_in_host_bytes') > 30,
        isWorker: mebibytes('grown_in_worker_bytes') > 30,
        isBack: observations.given_back_ms !== null,
      }
    }
    expect(await grown('threads')).toMatchObject({ isHost: true, isWorker: false })
    expect(await grown('processes')).toEqual({ isHost: false, isWorker: true, isBack: true })
  })
})

describe('a victim', () => {
  const partnerProgram = join(dirname(programs.host), 'partner.cjs')
  const start = (failure: Failure) =>
    new VictimHost(
      {
        ...{ program: partnerProgram, model: 'processes', workers: 2, failure, leakBytes: 0 },
        ...{ deadlineMs: 600_000, ownLimitMb: null, nodeArguments: [] },
      },
      scratch.path(),
      [],
    )

  it('takes a worker with it that hears nothing, whoever ends it', async () => {
    const victim = start('endless loop')
    await victim.hears('ready')
    const workers = victim.told('started').map(({ processId }) => processId)
    expect([workers.length, workers.every(isAlive)]).toEqual([2, true])
    victim.send('fail')
    await victim.hears('failing')
    await victim.kill()
    await until('its workers are gone', () => !workers.some(isAlive))
  })

  it.runIf(existsSync('/proc/self/limits'))('leaves no core file, whatever the limit', async () => {
    const { readFile } = await import('node:fs/promises')
    const victim = start('native crash')
    try {
      await victim.hears('ready')
      const [{ processId } = { processId: 0 }] = victim.told('started')
      const limits = await readFile(`/proc/${processId}/limits`, 'utf8')
      expect(limits).toMatch(/Max core file size +0 +0 /)
    } finally {
      await victim.kill()
    }
  })
})
