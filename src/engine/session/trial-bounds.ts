import { formatBytes, formatNumber } from '../../shared/format.ts'
import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type { PhaseName } from '../../shared/model/run.ts'
import type { HostReport } from '../execution/protocol.ts'
import type { RawSample } from '../sampling/sampler.ts'
import { HeldMemory } from './held-memory.ts'

/** How much a trial may take before it is ended. */
export interface Bounds {
  /** What its work is planned to take, 0 where that is not known, and how much more it may take in all. */
  readonly durationMs: number
  readonly timeoutMs: number
  readonly memory: MemoryBound
}

export interface MemoryBound {
  /** Bytes that the processes of the trial may hold together, and whether the plan says so. */
  readonly heldBytes: number
  readonly isGiven: boolean
  /** Bytes of the machine's memory that stay free; null where the plan sets the bound. */
  readonly freeBytes: number | null
}

const MiB = 1024 * 1024

/** Of the memory that was to be had as a trial began: what is left to all else, and what must stay free. */
const margin = 0.1
const leastFree = 0.05

/**
 * @param given what the plan allows, in MiB; null where it leaves that to the machine
 * @param available what can be had without swapping as the trial begins, in bytes
 */
export function memoryBound(given: number | null, available: number): MemoryBound {
  if (given !== null) return { heldBytes: given * MiB, isGiven: true, freeBytes: null }
  return {
    heldBytes: available * (1 - margin),
    isGiven: false,
    freeBytes: available * leastFree,
  }
}

export interface BoundTrial {
  readonly model: Model
  readonly workers: number
  readonly bounds: Bounds
  /** Of the machine. */
  readonly memoryBytes: number
  /** Has the memory of the whole tree read; its samples have been added when this resolves. */
  look(): Promise<unknown>
}

/**
 * Watches the bounds of one trial from outside: whatever its host and its workers are in, the deadline
 * comes and the samples do. Begins with its making.
 */
export class TrialBounds {
  readonly #trial: BoundTrial
  readonly #exceeded = new AbortController()
  readonly #held = new HeldMemory()
  readonly #timer: NodeJS.Timeout
  #phase: PhaseName | null = null
  #report: HostReport | null = null
  #isLooking = false

  constructor(trial: BoundTrial) {
    this.#trial = trial
    const { durationMs, timeoutMs } = trial.bounds
    this.#timer = setTimeout(
      () => this.#exceeded.abort(whyNotInTime(trial, this.#phase, this.#report)),
      durationMs + timeoutMs,
    )
  }

  /** Aborted where a bound is exceeded; its reason says which, in one line. */
  get exceeded(): AbortSignal {
    return this.#exceeded.signal
  }

  beginPhase(name: PhaseName): void {
    this.#phase = name
  }

  addReport(report: HostReport): void {
    this.#report = report
    this.#held.addReport(report)
    this.#checkHeld()
  }

  addSample(sample: RawSample): void {
    const used = this.#held.addSample(sample)
    const { freeBytes } = this.#trial.bounds.memory
    if (used !== null && freeBytes !== null) {
      const free = this.#trial.memoryBytes - used
      if (free < freeBytes) this.#exceeded.abort(whyTooLittleIsFree(free, freeBytes))
    }
    if (sample.stream === 'processes') this.#checkHeld()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  /** What seems too much is read once more, and precisely: a resident set counts what is shared for each. */
  #checkHeld(): void {
    const { memory } = this.#trial.bounds
    if (this.#isLooking || this.#held.bytes <= memory.heldBytes) return
    this.#isLooking = true
    void this.#trial.look().then(() => {
      this.#isLooking = false
      const { bytes } = this.#held
      if (bytes > memory.heldBytes) this.#exceeded.abort(whyTooMuchIsHeld(bytes, memory))
    })
  }
}

function whyTooMuchIsHeld(bytes: number, { heldBytes, isGiven }: MemoryBound): string {
  const most = `at most ${formatBytes(heldBytes)} ${isGiven ? 'are allowed' : 'were to be had'}`
  return `the trial was ended: its processes held ${formatBytes(bytes)} of memory, ${most}`
}

function whyTooLittleIsFree(free: number, least: number): string {
  return `the trial was ended: ${formatBytes(Math.max(0, free))} of the machine’s memory were free, at least ${formatBytes(least)} have to stay so`
}

/** Workers that are named; of more their number is enough. */
const mostNamed = 4

/**
 * What had not ended at the deadline, in one line.
 *
 * @param phase the last that has begun; null where the host has not told of any
 * @param report the last that was heard
 */
export function whyNotInTime(
  { model, workers, bounds }: Pick<BoundTrial, 'model' | 'workers' | 'bounds'>,
  phase: PhaseName | null,
  report: Pick<HostReport, 'workers'> | null,
): string {
  const { durationMs, timeoutMs } = bounds
  const seconds = (ms: number) => `${formatNumber(ms / 1000)} s`
  const time =
    durationMs === 0
      ? `after ${seconds(timeoutMs)}`
      : `${seconds(timeoutMs)} beyond its ${seconds(durationMs)} of work`
  const unfinished = phase === 'work' ? whoHasNotFinished(model, report) : whatHasNotEnded(phase)
  return `the trial was ended ${time}: ${unfinished.replace('WORKERS', counted(workers))}`
}

const counted = (workers: number) => (workers === 1 ? 'its worker' : `its ${workers} workers`)

function whatHasNotEnded(phase: PhaseName | null): string {
  switch (phase) {
    case null:
      return 'its host had not begun'
    case 'baseline':
      return 'its host was still alone'
    case 'spawn':
      return 'not all of WORKERS had been started'
    case 'barrier':
      return 'not all of WORKERS had been prepared'
    case 'work':
      return 'its work had not ended'
    case 'teardown':
      return 'not all of WORKERS had ended'
  }
}

function whoHasNotFinished(model: Model, report: Pick<HostReport, 'workers'> | null): string {
  if (report === null) return whatHasNotEnded('work')
  const { isDone, tasks } = report.workers
  const open = isDone.flatMap((done, worker) => (done ? [] : [worker]))
  if (open.length === 0) return 'all tasks were done, but its host had not finished'
  const done = (worker: number) => {
    const count = tasks[worker] ?? 0
    return `${count === 0 ? 'no task' : count === 1 ? '1 task' : `${count} tasks`} done`
  }
  if (!modelTraits[model].startsWorkers) return `the host had not finished (${done(0)})`
  const names = open.slice(0, mostNamed).map((worker) => `worker ${worker} (${done(worker)})`)
  const more = open.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''} had not finished`
}
