import { thisOwner } from '../../src/engine/storage/liveness.ts'
import type { RunRecording } from '../../src/engine/storage/run-recording.ts'
import type { Plan } from '../../src/shared/model/plan.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { quietMachine } from './example-environment.ts'
import { exampleRun, exampleSamples } from './example-run.ts'
import { timedRows } from './timed-rows.ts'

export interface EndedRun {
  readonly plan?: Partial<Plan>
  readonly startedAt?: number
  readonly machine?: string
  /** Trials with samples: of each, whether an overview was kept. */
  readonly trials?: readonly ('with overview' | 'without overview')[]
}

/** Keeps a run, made up, that has ended; @returns its number */
export function keepEndedRun(
  recording: RunRecording,
  label: string,
  change: EndedRun = {},
): number {
  const startedAt = change.startedAt ?? 1000
  const { id, configurationIds } = recording.create({
    uid: `${label} ${Math.random()}`,
    label,
    plan: { ...exampleRun.plan, ...change.plan },
    configurations: exampleRun.configurations.map(({ id: _, ...rest }) => rest),
    trialsPlanned: 1,
    startedAt,
    owner: thisOwner(),
  })
  if (change.machine !== undefined) {
    recording.keepEnvironment(id, 'before', { ...quietMachine, hostname: change.machine })
  }
  change.trials?.forEach((kind, ordinal) => {
    const trial = recording.startTrial(id, {
      configurationId: configurationIds[0] as number,
      ...{ ordinal, index: ordinal, warmUp: false, startedAt },
    })
    const batches = exampleSamples.map((sample, at) => ({
      ...{ ordinal: at, stream: sample.stream },
      samples: timedRows([{ ...sample, t_ms: sample.t_ms + 200 }]),
    }))
    const progress = { id: trial, releasedMs: 200, tasksDone: 7 }
    recording.keepProgress(id, startedAt, batches, progress)
    recording.endTrial(
      trial,
      {
        ...{ status: 'done', reason: null, releasedMs: 200, tasksDone: 7, memoryBasis: null },
        ...{ metrics: { wall_ms: 1000 }, phases: [], workers: [] },
      },
      kind === 'with overview' ? keptOverview : null,
    )
  })
  const endedAt = startedAt + 50
  recording.endRun(id, { status: 'done', reason: null, endedAt, trialsPlanned: 1 })
  return id
}

/** What an overview that was kept is known by: nothing that is made of samples has so many cores. */
const keptOverview = new Timeline(77, 1, 4).toData()
