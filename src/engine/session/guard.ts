import { type Model, workerCounts } from '../../shared/model/execution-model.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { workloadName } from '../../shared/model/workload.ts'

const MiB = 1024 * 1024

/**
 * Memory that one more busy worker takes from a machine, private to it: with Node 24 on x64 Linux 14
 * to 15 MiB for a thread and 23 to 29 MiB for a process were measured, whatever the workload. A
 * process shares the rest of its resident set with the others.
 */
const memoryOfWorker: Readonly<Record<Model, number>> = {
  inline: 0,
  threads: 16 * MiB,
  processes: 32 * MiB,
}

/** Memory of a trial's host, and of what the run needs beside it. */
const memoryOfHost = 64 * MiB

/** Bytes that a trial of this plan needs at the most, and for which of its configurations. */
export function estimateMemory(
  plan: Pick<Plan, 'models' | 'workers'>,
  memoryOfTask: number,
): { readonly bytes: number; readonly model: Model; readonly workers: number } {
  const each = plan.models.flatMap((model) =>
    workerCounts(model, plan.workers).map((workers) => ({
      model,
      workers,
      bytes: memoryOfHost + workers * (memoryOfWorker[model] + memoryOfTask),
    })),
  )
  return each.reduce((most, next) => (next.bytes > most.bytes ? next : most))
}

/**
 * Says why a plan's workers are not thought to fit, and what would; null where they fit.
 *
 * @param memoryOfTask what one worker needs for its workload, in bytes
 * @param available memory that can still be had without swapping, in bytes
 */
export function whyItDoesNotFit(
  plan: Plan,
  memoryOfTask: number,
  available: number,
): string | null {
  const { bytes, model, workers } = estimateMemory(plan, memoryOfTask)
  if (bytes <= available) return null
  const each = memoryOfWorker[model] + memoryOfTask
  const fitting = Math.max(0, Math.floor((available - memoryOfHost) / each))
  const name =
    model === 'inline'
      ? 'inline work'
      : `${workers} ${model === 'threads' ? 'threads' : 'processes'}`
  const instead =
    model === 'inline' || fitting === 0 ? 'none would fit' : `at most ${fitting} would fit`
  return `${name} of ${workloadName(plan.workload)} need about ${megabytes(bytes)} of their own, ${megabytes(available)} are available; ${instead}`
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / MiB)} MiB`
}
