import { thisOwner } from '../../src/engine/storage/liveness.ts'
import type { RunRecording } from '../../src/engine/storage/run-recording.ts'
import type { Environment } from '../../src/shared/model/environment.ts'
import type { TrialMetrics } from '../../src/shared/model/metric.ts'
import type { Plan } from '../../src/shared/model/plan.ts'
import type { Configuration, RunStatus } from '../../src/shared/model/run.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import type { Throughputs } from './example-comparison.ts'
import { quietMachine } from './example-environment.ts'
import { exampleRun } from './example-run.ts'

/** A run to be kept, made up: what is left out is as in the example. */
export interface MadeUpRun {
  readonly uid: string
  readonly plan?: Partial<Plan>
  /** Null where it was not read. */
  readonly environment?: Partial<Environment> | null
  /** ms since the epoch. */
  readonly startedAt?: number
  /** `running` where it has not ended. */
  readonly status?: RunStatus
  /** What executed it, where it was not Node. */
  readonly executed?: Partial<Configuration>
  /** Figures of all its trials beside their throughput. */
  readonly metrics?: Partial<TrialMetrics>
}

/** Keeps a run whose trials have the given throughputs, and an overview each. */
export function keepRun(
  recording: RunRecording,
  sides: readonly Throughputs[],
  { uid, status = 'done', startedAt = 1000, metrics = {}, ...run }: MadeUpRun,
): { readonly id: number; readonly configurationIds: readonly number[] } {
  const plan = { ...exampleRun.plan, ...run.plan }
  const { workload } = plan
  const created = recording.create({
    ...{ uid, plan, startedAt, label: uid, owner: thisOwner(), trialsPlanned: 1 },
    configurations: sides.map(([model, workers]) => ({
      ...{
        workload,
        parameters: plan.parameters,
        runtime: 'node' as const,
        interpreter: null,
        model,
        workers,
      },
      ...{ scheduling: plan.scheduling, variant: null, content: null, ...run.executed },
    })),
  })
  if (run.environment !== null) {
    recording.keepEnvironment(created.id, 'before', { ...quietMachine, ...run.environment })
  }
  let ordinal = 0
  sides.forEach(([, , ...throughputs], side) => {
    throughputs.forEach((throughput_per_s, index) => {
      const configurationId = created.configurationIds[side] as number
      const started = { configurationId, ordinal: ordinal++, index, warmUp: false, startedAt }
      const trial = recording.startTrial(created.id, started)
      recording.endTrial(
        trial,
        {
          ...{ status: 'done', reason: null, releasedMs: 200, tasksDone: 10, memoryBasis: 'pss' },
          ...{ metrics: { throughput_per_s, ...metrics }, phases: [], workers: [] },
        },
        madeUpTimeline().toData(),
      )
    })
  })
  if (status !== 'running') {
    const endedAt = startedAt + 50
    recording.endRun(created.id, { status, reason: null, endedAt, trialsPlanned: ordinal })
  }
  return created
}

/** Two readings: one before the release at 200 ms, one after it. */
function madeUpTimeline(): Timeline {
  const timeline = new Timeline(2, 1, 4)
  for (const [t_ms, tasksDone] of [
    [150, 0],
    [400, 20],
  ] as const) {
    timeline.add({
      ...{ t_ms, tasksDone, tasksAt_ms: t_ms, busy: [0.5, 1], workersBusy: [null, null] },
      ...{ treeRssBytes: 2e6, treePssBytes: 1e6, treeUssBytes: null, hostRssBytes: null },
      ...{ treeCpuShare: null, workers: [], observer: null },
    })
  }
  return timeline
}
