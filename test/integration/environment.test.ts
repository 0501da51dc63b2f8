import { describe, expect, it } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import { RunSession } from '../../src/engine/session/run-session.ts'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import { loadWorkload } from '../../src/engine/workloads/catalogue.ts'
import type { Environment } from '../../src/shared/model/environment.ts'
import type { RunEvent } from '../../src/shared/model/progress.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { quietMachine } from '../support/example-environment.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const plan = { parameters: { n: 2000 }, tasks: 40, repeat: 1, warmup: 0, models: ['threads'] }

/** Runs a plan on a machine that is described so, one reading after the other; as seen and as kept. */
async function runOn(
  readings: readonly Environment[],
  file: string,
  at: RunEvent['type'] | null = null,
  act: (session: RunSession) => void = () => {},
): Promise<{ readonly seen: Run; readonly kept: Run }> {
  const opened = openDatabase(scratch.path(file), 'write')
  const lab = new Lab({ databasePath: opened.path, programs, version: 'test' })
  const left = [...readings]
  const session = new RunSession({
    availableMemoryBytes: async () => 2 ** 34,
    plan: await lab.checkPlan({ ...plan, workers: [2] }),
    ...{ workloads: new Map([['primes', await loadWorkload('primes')]]), interpreters: [] },
    recording: new RunRecording(opened.database),
    databasePath: opened.path,
    programs,
    corescopeVersion: 'test',
    readEnvironment: async () => left.shift() ?? expect.fail('read once too often'),
    announce: ({ type }) => type === at && act(session),
  })
  const { run: seen } = await session.finished
  const kept = await lab.saved.run(session.id)
  await lab.close()
  opened.database.close()
  return { seen, kept }
}

/** Codes of what the machine alone gives rise to; the work of this test is short. */
function codesOf({ warnings }: Run): string[] {
  return warnings.map(({ code }) => code).filter((code) => !/short-window|disturbed/.test(code))
}

describe('a run on a machine that is not fit for it', () => {
  const busy: Environment = { ...quietMachine, load_before: 0.6, usable_cores: 1 }
  const worse: Environment = {
    ...busy,
    power_source: 'battery',
    thermal_throttle_events: 9,
    taken_at: '2026-01-01T12:00:00.000Z',
    taken_monotonic_ms: 5_002_000,
  }

  it('is marked before and after, and kept so, but not refused', async () => {
    const { seen, kept } = await runOn([busy, worse], 'marked.db')
    expect(seen.status).toBe('done')
    const before = ['busy-machine', 'more-workers-than-cores']
    expect(codesOf(seen)).toEqual([...before, 'battery', 'thermal-throttled', 'clock-jump'])
    expect(kept.warnings).toEqual(seen.warnings)
    expect([kept.environment, kept.environment_after]).toEqual([busy, worse])
    expect([seen.environment, seen.environment_after]).toEqual([busy, worse])
  })

  it('keeps durations that no jump of the wall clock touches', async () => {
    const now = Date.now
    const backAnHour = () => {
      Date.now = () => now() - 3_600_000
    }
    const { kept } = await runOn([busy, worse], 'jumped.db', 'phase', backAnHour).finally(() => {
      Date.now = now
    })
    const [trial] = kept.trials
    expect(Date.parse(kept.ended_at ?? '')).toBeGreaterThan(Date.parse(kept.started_at))
    expect(trial?.metrics.wall_ms).toBeGreaterThan(0)
    for (const { start_ms, end_ms } of trial?.phases ?? expect.fail('no phases')) {
      expect(start_ms).toBeGreaterThanOrEqual(0)
      expect(end_ms).toBeGreaterThanOrEqual(start_ms)
      expect(end_ms).toBeLessThan(600_000)
    }
  })

  it('that is stopped has no environment after it, and nothing is said of a change', async () => {
    const { seen, kept } = await runOn([busy], 'stopped.db', 'trial-started', (session) =>
      session.stop(),
    )
    expect(seen.status).toBe('interrupted')
    expect(kept.environment_after).toBeNull()
    expect(codesOf(kept)).toEqual(['busy-machine', 'more-workers-than-cores'])
  })
})

describe('a run that was kept before all of its environment was read', () => {
  it('is read with null for what it lacks', async () => {
    const { kept } = await runOn([quietMachine, quietMachine], 'old.db')
    const { database } = openDatabase(scratch.path('old.db'), 'write')
    database
      .prepare(
        "UPDATE environments SET document = json_remove(document, '$.stolen_ms', '$.container')",
      )
      .run()
    database.close()
    const lab = new Lab({ databasePath: scratch.path('old.db'), programs, version: 'test' })
    const { environment, environment_after: after } = await lab.saved.run(kept.id)
    const old = { ...quietMachine, stolen_ms: null, container: null }
    expect([environment, after]).toEqual([old, old])
    await lab.close()
  })
})
