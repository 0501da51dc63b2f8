import type { Model } from '../../shared/model/execution-model.ts'
import type { LiveReading, ObserverShares, WorkerState } from '../../shared/model/progress.ts'
import type { PhaseName } from '../../shared/model/run.ts'
import type { SampleStream } from '../../shared/model/sample.ts'
import { RowBuilder, type TimedRow } from '../../shared/sample-row.ts'
import { overviewSlots, Timeline } from '../../shared/timeline.ts'
import { ReadingBuilder } from '../analysis/reading.ts'
import type { HostReport, WorkerIdentity } from '../execution/protocol.ts'
import type { RawSample } from '../sampling/sampler.ts'
import type { SampleBatch } from '../storage/run-recording.ts'
import { putReport } from './report-values.ts'
import { WindowFigures } from './window-figures.ts'

export interface RecordedTrial {
  readonly model: Model
  readonly workers: number
  /** Logical cores of the machine, and of them those that the workers may use. */
  readonly cores: number
  readonly usableCores: number
  /** On the monotonic clock. */
  readonly startedAt: number
}

/**
 * Joins what the sampler sees of one trial with what its host reports, on one time axis, and holds it
 * until it is flushed. Times are in ms from the start of the trial.
 */
export class TrialRecorder {
  readonly overview: Timeline
  readonly window: WindowFigures
  readonly #trial: RecordedTrial
  readonly #builder: ReadingBuilder
  #pending = new Map<SampleStream, TimedRow[]>()
  #chunks = 0
  #previousReport: HostReport | undefined
  #tasksDone = 0
  readonly #reportRow = new RowBuilder()
  #areThreadsSeen = false

  constructor(trial: RecordedTrial) {
    this.#trial = trial
    this.#builder = new ReadingBuilder(trial.model, trial.workers)
    this.window = new WindowFigures(trial.workers, trial.usableCores)
    this.overview = Timeline.within(overviewSlots, trial.cores, trial.workers)
  }

  get tasksDone(): number {
    return this.#tasksDone
  }

  /**
   * The latest of each figure, where anything has come since it was last asked for.
   *
   * @param observer what watching costs just now
   */
  takeReading(observer: ObserverShares | null): LiveReading | null {
    if (!this.#builder.hasNew) return null
    const reading = this.#builder.take(observer)
    this.overview.add(reading)
    return reading
  }

  /** @param at on the monotonic clock */
  beginPhase(name: PhaseName, at: number): void {
    if (name === 'spawn') this.window.beginSpawn()
    if (name === 'work') this.window.beginWork(at)
    const state = stateIn[name]
    if (state !== null) this.#builder.setState(state)
  }

  identify(workers: readonly WorkerIdentity[]): void {
    this.#builder.identify(workers)
  }

  addSample(sample: RawSample): void {
    if (sample.stream === 'processes' && !this.#areThreadsSeen) {
      this.#areThreadsSeen = sample.series.includes('worker.0.cpu_share')
    }
    this.#keep(sample)
  }

  addReport(report: HostReport): void {
    const before = this.#previousReport
    this.#previousReport = report
    const dt = before === undefined ? 0 : report.at - before.at
    const { model } = this.#trial
    putReport(this.#reportRow, report, before, { model, areThreadsSeen: this.#areThreadsSeen })
    this.#keep({ stream: 'reports', at: report.at, dt_ms: dt, ...this.#reportRow.take() })
    this.#tasksDone = report.workers.tasks.reduce((sum, tasks) => sum + tasks, 0)
    report.workers.isDone.forEach((isDone, index) => {
      if (isDone) this.#builder.setState('done', index)
    })
  }

  /**
   * Gives what has come since it was last kept to a writer. Where that throws, it stays, for the next
   * time.
   */
  keep(write: (batches: readonly SampleBatch[]) => void): void {
    const batches = [...this.#pending].map(([stream, samples], index) => ({
      ordinal: this.#chunks + index,
      stream,
      samples,
    }))
    write(batches)
    this.#chunks += batches.length
    this.#pending = new Map()
  }

  #keep(raw: RawSample): void {
    this.window.add(raw)
    const { at, ...row } = raw
    const sample = { ...row, t_ms: at - this.#trial.startedAt }
    this.#builder.add(sample)
    const samples = this.#pending.get(raw.stream)
    if (samples === undefined) this.#pending.set(raw.stream, [sample])
    else samples.push(sample)
  }
}

/** What the workers are in while the trial is in a phase; null where that does not change it. */
const stateIn: Readonly<Record<PhaseName, WorkerState | null>> = {
  baseline: null,
  spawn: 'starting',
  barrier: 'ready',
  work: 'working',
  teardown: 'ending',
}
