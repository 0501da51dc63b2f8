import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { experimentCommand } from '../../src/cli/commands/experiment.ts'
import type { Shell } from '../../src/cli/shell.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { runTrial } from '../../src/engine/execution/trial.ts'
import { Lab } from '../../src/engine/lab.ts'
import type { RunEvent } from '../../src/shared/model/progress.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { briskMachine } from '../support/brisk-machine.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

/** Runs an experiment through the lab, once each, and reads it back. */
async function experiment(
  name: string,
  document: object,
): Promise<{ run: Run; lab: Lab; events: RunEvent[] }> {
  const databasePath = scratch.path(`${name}.db`)
  const lab = new Lab({ databasePath, programs, version: 'test', machine: briskMachine })
  const plan = await lab.checkPlan({ experiment: name, repeat: 1, warmup: 0, ...document })
  const events: RunEvent[] = []
  const started = await lab.start(plan, { force: true, announce: (event) => events.push(event) })
  const { run } = await started.finished
  expect(run).toMatchObject({ status: 'done', reason: null })
  expect(await lab.saved.run(run.id)).toEqual(run)
  return { run, lab, events }
}

/** What the trial of a configuration saw. */
function observed(run: Run, model: string, variant: string | null) {
  const configuration = run.configurations.find(
    (each) => each.model === model && each.variant === variant,
  )
  const trial = run.trials.find((each) => each.configuration_id === configuration?.id)
  return trial?.observations ?? {}
}

describe('an experiment', () => {
  it.each(['tasks', 'duration', 'scheduling', 'scaling'])(
    'without tasks takes no flag that speaks of them: --%s',
    async (flag) => {
      const databasePath = scratch.path('flags.db')
      const lab = new Lab({ databasePath, programs, version: 'test' })
      const asked = experimentCommand({ lab } as Shell, 'races', { [flag]: '5' })
      await expect(asked).rejects.toThrow(
        `--${flag}: races brings its own work, which has no tasks; allowed: its parameters, as --param updates=…`,
      )
      await lab.close()
    },
  )

  it('is kept with what its probe saw, and says the same when it is opened again', async () => {
    const { run, lab, events } = await experiment('races', {
      parameters: { updates: 20_000, messages: 500 },
      workers: [2],
    })
    for (const variant of ['atomics', 'lock', 'message']) {
      expect(observed(run, 'threads', variant)).toMatchObject({ lost: 0 })
    }
    expect(observed(run, 'threads', 'lock')).toMatchObject({ updates: 40_000, counted: 40_000 })
    expect(observed(run, 'processes', 'own counter')).toMatchObject({ counted: 40_000, lost: 0 })
    expect(observed(run, 'processes', 'message')).toMatchObject({ counted: 1000, lost: 0 })

    const told = events.filter((event) => event.type === 'found')
    // After each trial, and at the end.
    expect(told).toHaveLength(run.trials.length + 1)
    expect(await lab.saved.findings(await lab.saved.run(run.id))).toEqual(told.at(-1)?.findings)
    expect(await lab.exchange.document(run)).toMatchObject({ findings: told.at(-1)?.findings })
    expect((await lab.saved.compare(run)).comparisons).toEqual([])
    expect(run.trials.every(({ metrics }) => (metrics.wall_ms as number) > 0)).toBe(true)
    await lab.close()
  })

  it('finds a deadlock under either model, shows the circle and ends it; one order does no harm', async () => {
    const { run, lab } = await experiment('deadlock', { workers: [3], parameters: { rounds: 5 } })
    for (const model of ['threads', 'processes']) {
      const circle = observed(run, model, 'opposite orders')
      expect(circle).toMatchObject({ deadlock: true, finished: false })
      expect(circle.waits).toBe(
        'worker 0 waits for lock B, which worker 1 holds; worker 1 waits for lock C, which worker 2 holds; worker 2 waits for lock A, which worker 0 holds',
      )
      expect(observed(run, model, 'same order')).toMatchObject({ deadlock: false, finished: true })
    }
    await lab.close()
  })

  it('sees each stage of a worker’s life, cold, warm, and killed while busy', async () => {
    const { run, lab } = await experiment('creation', { workers: [2], parameters: { steps: 1000 } })
    for (const model of ['threads', 'processes']) {
      const cold = observed(run, model, 'cold')
      for (const key of ['spawn_ms', 'first_message_ms', 'work_ms', 'teardown_ms']) {
        expect(cold[key]).toBeGreaterThan(0)
      }
      expect(observed(run, model, 'warm')).toMatchObject({ spawn_ms: null, teardown_ms: null })
      expect(observed(run, model, 'kill').kill_ms).toBeGreaterThan(0)
    }
    await lab.close()
  })

  it('sees how long a loop is blocked, and comes to the same result every way', async () => {
    const { run, lab } = await experiment('responsiveness', {
      parameters: { tasks: 4, steps: 20_000_000 },
      workers: [1],
    })
    const sums = run.trials.map(({ observations }) => observations?.checksum)
    expect(sums).toHaveLength(4)
    expect(new Set(sums).size).toBe(1)
    const whole = observed(run, 'inline', 'in one piece')
    // Blocked for all of the work, but for the frame that was being waited for.
    expect(whole.longest_block_ms).toBeGreaterThan((whole.work_ms as number) - 1000 / 60 - 2)
    expect(whole.missed_frames).toBeGreaterThan(0)
    await lab.close()
  })

  it('measures every way at every length of a task', async () => {
    const { run, lab } = await experiment('break-even', {
      parameters: { shortest_steps: 100 },
      workers: [2],
    })
    expect(run.trials).toHaveLength(5 * 8)
    for (const { observations } of run.trials) {
      expect(observations?.elapsed_ms).toBeGreaterThan(0)
    }
    await lab.close()
  })

  it('runs a sweep with the work of each worker the same, where it is to scale weakly', async () => {
    const { run, lab } = await experiment('sweep', {
      ...{ workers: [1, 2], tasks: 6, scaling: 'weak', parameters: { n: 1000 } },
    })
    const tasks = run.trials.map(({ configuration_id, tasks_done }) => {
      const { workers } = run.configurations.find(({ id }) => id === configuration_id) ?? {}
      return tasks_done / (workers as number)
    })
    expect(tasks).toEqual([6, 6, 6, 6])
    await lab.close()
  })
})

it.skipIf(process.platform === 'win32')(
  'a worker that is killed with a lock in its hand is told of at once, and nobody waits for it',
  async () => {
    const reaper = await Reaper.start(programs.reaper)
    let host = 0
    const outcome = await runTrial(
      {
        ...{ workload: 'deadlock', isProbe: true, variant: 'same order', model: 'processes' },
        ...{ workers: 2, parameters: { rounds: 1_000_000 }, seed: 1, scheduling: 'static' },
        ...{ tasks: null, durationMs: null, intervalMs: 50, baselineMs: 10, expected: null },
        ...{ folder: scratch.path(), serverPort: null },
      },
      { runtime: 'node', program: programs.host },
      reaper,
      new AbortController().signal,
      {
        started: (processId) => {
          host = processId
        },
        phase: (name) => name === 'work' && void killOneOf(host),
        ...{ crew: () => {}, report: () => {}, look: async () => {} },
      },
    )
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/worker \d ended before its time: signal SIGKILL/),
    })
    reaper.close()
  },
)

async function killOneOf(host: number): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  const partner = stdout.split('\n').find((line) => {
    const [, parent] = line.trim().split(/\s+/)
    return Number(parent) === host && line.includes('locking')
  })
  process.kill(Number.parseInt(partner ?? '', 10), 'SIGKILL')
}
