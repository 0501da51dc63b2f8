import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type { LiveReading, ObserverShares, WorkerState } from '../../shared/model/progress.ts'
import type { PhaseName } from '../../shared/model/run.ts'
import type { Sample, SampleSeries, SampleStream } from '../../shared/model/sample.ts'
import { Timeline } from '../../shared/timeline.ts'
import { ReadingBuilder } from '../analysis/reading.ts'
import type { HostReport, WorkerIdentity } from '../execution/protocol.ts'
import type { RawSample } from '../sampling/sampler.ts'
import type { SampleBatch } from '../storage/run-recording.ts'
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

/** Slots of the overview that is kept with a trial: about what a screen has pixels for. */
const overviewSlots = 1024

/**
 * Joins what the sampler sees of one trial with what its host reports, on one time axis, and holds it
 * until it is flushed. Times are in ms from the start of the trial.
 */
export class TrialRecorder {
  readonly overview: Timeline
  readonly window: WindowFigures
  readonly #trial: RecordedTrial
  readonly #builder: ReadingBuilder
  #pending = new Map<SampleStream, Sample[]>()
  #chunks = 0
  #previousReport: HostReport | undefined
  #tasksDone = 0

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

  addSample({ stream, at, dt_ms, values }: RawSample): void {
    this.#keep(stream, at, dt_ms, values)
  }

  addReport(report: HostReport): void {
    const before = this.#previousReport
    this.#previousReport = report
    const dt = before === undefined ? 0 : report.at - before.at
    this.#keep('reports', report.at, dt, reportValues(report, before, this.#trial.model))
    this.#tasksDone = report.workers.reduce((sum, worker) => sum + (worker?.tasks ?? 0), 0)
    report.workers.forEach((worker, index) => {
      if (worker?.isDone) this.#builder.setState('done', index)
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

  #keep(stream: SampleStream, at: number, dt_ms: number, values: Sample['values']): void {
    this.window.add({ stream, at, dt_ms, values })
    const samples = this.#pending.get(stream)
    const sample = { stream, t_ms: at - this.#trial.startedAt, dt_ms, values }
    this.#builder.add(sample)
    if (samples === undefined) this.#pending.set(stream, [sample])
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

/**
 * A report as figures. The memory and CPU time of threads are in their host's; those of processes are
 * apart. A worker that has not reported since has no CPU share, and then neither has a tree of
 * processes; its resident set is the last it told.
 */
function reportValues(
  report: HostReport,
  before: HostReport | undefined,
  model: Model,
): Sample['values'] {
  const values: Partial<Record<SampleSeries, number>> = { 'host.rss_bytes': report.rssBytes }
  const hostCpu = share(report, before)
  if (hostCpu !== null) values['host.cpu_share'] = hostCpu
  const { separateProcesses } = modelTraits[model]
  const treeRss = [report.rssBytes]
  const treeCpu = [hostCpu]
  let isComplete = true

  report.workers.forEach((worker, index) => {
    if (worker === null) {
      isComplete &&= !separateProcesses
      return
    }
    values[`worker.${index}.tasks_done`] = worker.tasks
    const previous = before?.workers[index] ?? undefined
    const cpu = share(worker, previous)
    if (cpu !== null) values[`worker.${index}.cpu_share`] = cpu
    const isFresh = worker.at !== previous?.at
    if (isFresh) values[`worker.${index}.heap_used_bytes`] = worker.heapUsedBytes
    if (!separateProcesses || worker.rssBytes === null) return
    if (isFresh) values[`worker.${index}.rss_bytes`] = worker.rssBytes
    treeRss.push(worker.rssBytes)
    treeCpu.push(cpu)
  })

  if (isComplete) {
    values['tree.rss_bytes'] = treeRss.reduce((sum, bytes) => sum + bytes, 0)
    const known = treeCpu.filter((cpu) => cpu !== null)
    if (known.length === treeCpu.length) {
      values['tree.cpu_share'] = known.reduce((sum, cpu) => sum + cpu, 0)
    }
  }
  return values
}

interface CpuReading {
  readonly at: number
  readonly cpuMs: number
}

function share(now: CpuReading, before: CpuReading | undefined): number | null {
  if (before === undefined || now.at <= before.at) return null
  return (now.cpuMs - before.cpuMs) / (now.at - before.at)
}
