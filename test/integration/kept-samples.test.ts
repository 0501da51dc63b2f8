import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { thisOwner } from '../../src/engine/storage/liveness.ts'
import { RunLibrary } from '../../src/engine/storage/run-library.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import type { Configuration } from '../../src/shared/model/run.ts'
import { rowOf } from '../../src/shared/sample-row.ts'
import { exampleRun } from '../support/example-run.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

function recorded(name: string) {
  const { database } = openDatabase(scratch.path(name), 'write')
  const recording = new RunRecording(database)
  const { id: _, ...configuration } = exampleRun.configurations[0] as Configuration
  const run = recording.create({
    ...{ uid: name, plan: exampleRun.plan, label: '', configurations: [configuration] },
    ...{ trialsPlanned: 1, startedAt: 0, owner: thisOwner() },
  })
  const id = recording.startTrial(run.id, {
    configurationId: run.configurationIds[0] as number,
    ...{ ordinal: 0, index: 0, warmUp: false, startedAt: 0 },
  })
  const keep = (ordinal: number, times: readonly number[]) =>
    recording.keepProgress(
      run.id,
      1,
      [
        {
          ordinal,
          stream: 'machine',
          samples: times.map((t_ms) => ({
            ...{ t_ms, dt_ms: 100 },
            ...rowOf({ 'core.0.busy': 0.5, 'core.1.busy': t_ms / 1e6 }),
          })),
        },
      ],
      { id, releasedMs: null, tasksDone: 0 },
    )
  const library = new RunLibrary(database)
  const told = () => library.find(run.id)?.sample_bytes
  const taken = () => database.prepare('SELECT sum(length(data)) FROM sample_chunks').pluck().get()
  return { database, library, id, keep, told, taken }
}

describe('the samples of a run', () => {
  it('are told in bytes while it goes, also where a write has failed', () => {
    const { database, keep, told, taken } = recorded('bytes.db')
    expect(told()).toBe(0)
    keep(0, [1, 2, 3])
    keep(1, [4])
    const after = told()
    expect(after).toBe(taken())
    // The same chunk once more: refused, with all that went with it.
    expect(() => keep(1, [5, 6])).toThrow()
    expect(told()).toBe(after)
    keep(2, [5, 6])
    expect(told()).toBe(taken())
    expect(told()).toBeGreaterThan(after as number)
    database.close()
  })

  it('are found at the very edge of a span, though their times are kept to 1 µs', () => {
    const { database, library, id, keep } = recorded('edges.db')
    keep(0, [100.000_49, 200.000_51])
    const times = (from: number, to: number) =>
      [...library.rowsBetween(id, from, to)].map(({ t_ms }) => t_ms)
    expect(times(-Infinity, Infinity)).toEqual([100, 200.001])
    expect(times(0, 100)).toEqual([100])
    expect(times(200.001, 300)).toEqual([200.001])
    expect(times(100.001, 200)).toEqual([])
    database.close()
  })
})
