import { formatWorkers } from '../../shared/format.ts'
import {
  type Family,
  type Model,
  modelTraits,
  workerCounts,
} from '../../shared/model/execution-model.ts'
import type { Plan } from '../../shared/model/plan.ts'
import { workloadName } from '../../shared/model/workload.ts'
import type { TaskLimit, TaskLimits } from '../sampling/environment/task-limits.ts'

const MiB = 1024 * 1024

/**
 * Memory that one more busy worker takes from a machine, private to it: with Node 24 on x64 Linux 14
 * to 15 MiB for a thread and 23 to 29 MiB for a process were measured, whatever the workload. A
 * process shares the rest of its resident set with the others.
 */
const memoryOfWorker: Readonly<Record<Family, number>> = {
  inline: 0,
  threads: 16 * MiB,
  processes: 32 * MiB,
}

/** Memory of a trial's host, and of what the run needs beside it. */
const memoryOfHost = 64 * MiB

/**
 * Kernel threads of one worker, at the most. With Node 24 on Linux a process was seen to have 7 of its
 * own accord, whatever the machine, and 11 once it reads files or asks for names; a thread is one.
 */
const tasksOfWorker: Readonly<Record<Family, number>> = { inline: 0, threads: 1, processes: 11 }
/** Those of a trial's host, and of what the run keeps beside it: sampler, reaper, server. */
const tasksOfHost = 48

/**
 * Files that the host holds open for one worker: 5 were seen for a thread's loop and 1 for a process's
 * channel, one more for what a thread's task works on, and one more while a process is being started.
 */
const filesOfWorker: Readonly<Record<Family, number>> = { inline: 1, threads: 6, processes: 2 }
/** 23 were seen in a host without workers. */
const filesOfHost = 32

/** What the largest trial of a plan asks of the system in one regard, and who asks. */
interface Need {
  readonly amount: number
  readonly model: Model
  readonly workers: number
}

type Sized = Pick<Plan, 'models' | 'workers'>

function largestNeed(plan: Sized, amountOf: (model: Model, workers: number) => number): Need {
  return plan.models
    .flatMap((model) =>
      workerCounts(model, plan.workers).map((workers) => ({
        model,
        workers,
        // What works elsewhere needs nothing here.
        amount: amountOf(model, modelTraits[model].isInTree ? workers : 0),
      })),
    )
    .reduce((most, next) => (next.amount > most.amount ? next : most))
}

/**
 * Bytes that a trial of this plan needs at the most, and for which of its configurations.
 *
 * @param sharedData bytes that workers hold together where they share memory, and each of its own elsewhere
 */
export function estimateMemory(plan: Sized, memoryOfTask: number, sharedData = 0): Need {
  return largestNeed(
    plan,
    (model, workers) =>
      memoryAtOnce(model, sharedData) + workers * memoryOfEach(model, memoryOfTask, sharedData),
  )
}

/** Kernel threads that a trial of this plan needs at the most, and for which of its configurations. */
export function estimateTasks(plan: Sized): Need {
  return largestNeed(
    plan,
    (model, workers) => tasksOfHost + workers * tasksOfWorker[familyOf(model)],
  )
}

function estimateFiles(plan: Sized): Need {
  return largestNeed(
    plan,
    (model, workers) => filesOfHost + workers * filesOfWorker[familyOf(model)],
  )
}

/** What is to be had of the machine. */
export interface Room extends TaskLimits {
  /** Memory that can still be had without swapping. */
  readonly memoryBytes: number
}

/**
 * Says why a plan's workers are not thought to fit, and how many would; null where they fit. Of several
 * reasons the one that leaves room for the fewest.
 *
 * @param memoryOfTask what one worker needs for its workload, in bytes
 * @param sharedData as for `estimateMemory`
 */
export function whyItDoesNotFit(
  plan: Plan,
  memoryOfTask: number,
  room: Room,
  sharedData = 0,
): string | null {
  const obstacles = [
    memoryObstacle(plan, memoryOfTask, room, sharedData),
    taskObstacle(plan, room),
    fileObstacle(plan, room),
  ].filter((obstacle) => obstacle !== null)
  const [tightest] = obstacles.toSorted((a, b) => a.fitting - b.fitting)
  if (tightest === undefined) return null
  const { need, why, fitting } = tightest
  const isNone = need.model === 'inline' || fitting === 0
  return `${named(need)} ${why}; ${isNone ? 'none would fit' : `at most ${fitting} would fit`}`
}

interface Obstacle {
  readonly need: Pick<Need, 'model' | 'workers'>
  readonly why: string
  /** Workers there is room for. */
  readonly fitting: number
}

function memoryObstacle(
  plan: Plan,
  memoryOfTask: number,
  room: Room,
  sharedData: number,
): Obstacle | null {
  const need = estimateMemory(plan, memoryOfTask, sharedData)
  const { model } = need
  const allowed = plan.memory_mib === null ? Number.POSITIVE_INFINITY : plan.memory_mib * MiB
  const most = Math.min(room.memoryBytes, allowed)
  if (need.amount <= most) return null
  const isOne = need.workers === 1
  const had = `${megabytes(most)} are ${most === allowed ? 'allowed by the plan' : 'available'}`
  return {
    need,
    why: `of ${workloadName(plan.workload)} ${isOne ? 'needs' : 'need'} about ${megabytes(need.amount)} of ${isOne ? 'its' : 'their'} own, ${had}`,
    fitting: roomFor(
      most - memoryAtOnce(model, sharedData),
      memoryOfEach(model, memoryOfTask, sharedData),
    ),
  }
}

function taskObstacle(plan: Plan, { tasks }: Room): Obstacle | null {
  const need = estimateTasks(plan)
  const left = ({ allowed, used }: TaskLimit) => Math.max(0, allowed - used)
  const [tightest] = tasks.toSorted((a, b) => left(a) - left(b))
  if (tightest === undefined || need.amount <= left(tightest)) return null
  const { name, allowed, used } = tightest
  return {
    need,
    why: `need up to ${need.amount} kernel threads, ${left(tightest)} more are allowed (${name}: ${allowed}, in use: ${used})`,
    fitting: roomFor(left(tightest) - tasksOfHost, tasksOfWorker[familyOf(need.model)]),
  }
}

function fileObstacle(plan: Plan, { openFiles }: Room): Obstacle | null {
  const need = estimateFiles(plan)
  if (openFiles === null || need.amount <= openFiles) return null
  return {
    need,
    why: `need about ${need.amount} open files in their host, ${openFiles} are allowed (RLIMIT_NOFILE)`,
    fitting: roomFor(openFiles - filesOfHost, filesOfWorker[familyOf(need.model)]),
  }
}

const roomFor = (left: number, each: number) => Math.max(0, Math.floor(left / each))

function familyOf(model: Model): Family {
  return modelTraits[model].family
}

function named({ model, workers }: Obstacle['need']): string {
  if (model === 'inline') return 'inline work'
  return formatWorkers(workers, model)
}

/** What is there once, however many workers there are. */
function memoryAtOnce(model: Model, sharedData: number): number {
  return memoryOfHost + (modelTraits[model].separateProcesses ? 0 : sharedData)
}

function memoryOfEach(model: Model, memoryOfTask: number, sharedData: number): number {
  const copy = modelTraits[model].separateProcesses ? sharedData : 0
  return memoryOfWorker[familyOf(model)] + memoryOfTask + copy
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / MiB)} MiB`
}
