import type { Warning } from '../../shared/model/environment.ts'
import type { Configuration } from '../../shared/model/run.ts'
import type { ForeignRun, ForeignTrial } from '../storage/run-intake.ts'
import type { ReadConfiguration, ReadRun } from './run-import.ts'

const unfinished = 'it was still running when it was exported'

/**
 * A run of elsewhere as it is kept here. One that was still running is interrupted: no more will come of
 * it. That it was a baseline there says nothing here.
 *
 * @param importedAt ms since the epoch
 */
export function foreignRun({ run, configurations }: ReadRun, importedAt: number): ForeignRun {
  const wasRunning = run.status === 'running'
  return {
    uid: run.uid,
    label: run.label,
    notes: run.notes,
    status: run.status === 'running' ? 'interrupted' : run.status,
    reason: wasRunning ? unfinished : run.reason,
    plan: run.plan,
    startedAt: Date.parse(run.started_at),
    endedAt: milliseconds(run.ended_at),
    importedAt,
    thinnedAt: milliseconds(run.thinned_at),
    isKept: run.is_kept,
    tags: run.tags,
    trialsPlanned: run.trials_planned,
    environment: run.environment,
    environmentAfter: run.environment_after,
    // Codes are texts to whoever reads them; one of a later version is shown as any other.
    warnings: run.warnings as readonly Warning[],
    configurations: configurations.map(configurationOf),
    trials: configurations.flatMap(trialsOf).sort((a, b) => a.ordinal - b.ordinal),
  }
}

function configurationOf({ configuration }: ReadConfiguration): Omit<Configuration, 'id'> {
  const { id: _, metrics: __, ...rest } = configuration
  return rest
}

function trialsOf({ trials }: ReadConfiguration, configuration: number): ForeignTrial[] {
  return trials.map(({ id: _, started_at, status, reason, ...trial }) => ({
    ...trial,
    configuration,
    startedAt: Date.parse(started_at),
    status: status === 'running' ? 'interrupted' : status,
    reason: status === 'running' ? unfinished : reason,
    metrics: trial.metrics as ForeignTrial['metrics'],
  }))
}

function milliseconds(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant)
}
