import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type { LiveReading } from '../../shared/model/progress.ts'
import type { Sample, SampleSeries, SampleStream } from '../../shared/model/sample.ts'
import type { HostReport } from '../execution/protocol.ts'
import type { RawSample } from '../sampling/sampler.ts'
import type { SampleBatch } from '../storage/run-recording.ts'

/**
 * Joins what the sampler sees of one trial with what its host reports, on one time axis, and holds it
 * until it is flushed. Times are in ms from the start of the trial.
 */
export class TrialRecorder {
  readonly #startedAt: number
  readonly #model: Model
  #pending = new Map<SampleStream, Sample[]>()
  #chunks = 0
  #previousReport: HostReport | undefined
  #live: LiveReading = {
    busy: [],
    treeRssBytes: null,
    treeCpuShare: null,
    tasksDone: 0,
  }
  #peakTreeRssBytes: number | null = null

  /** @param startedAt on the monotonic clock */
  constructor(startedAt: number, model: Model) {
    this.#model = model
    this.#startedAt = startedAt
  }

  get live(): LiveReading {
    return this.#live
  }

  get peakTreeRssBytes(): number | null {
    return this.#peakTreeRssBytes
  }

  addSample({ stream, at, dt_ms, values }: RawSample): void {
    if (stream === 'machine') {
      const busy = coresOf(values)
      this.#live = {
        ...this.#live,
        busy: busy.length > 0 ? busy : this.#live.busy,
      }
    }
    this.#keep(stream, at, dt_ms, values)
  }

  addReport(report: HostReport): void {
    const before = this.#previousReport
    this.#previousReport = report
    const dt = before === undefined ? 0 : report.at - before.at
    this.#keep('reports', report.at, dt, reportValues(report, before, this.#model))
    const tasksDone = report.workers.reduce((sum, worker) => sum + (worker?.tasks ?? 0), 0)
    this.#live = { ...this.#live, tasksDone }
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
    const treeRss = values['tree.rss_bytes']
    if (treeRss !== undefined) {
      this.#peakTreeRssBytes = Math.max(this.#peakTreeRssBytes ?? 0, treeRss)
      this.#live = { ...this.#live, treeRssBytes: treeRss }
    }
    const treeCpu = values['tree.cpu_share']
    if (treeCpu !== undefined) this.#live = { ...this.#live, treeCpuShare: treeCpu }
    const samples = this.#pending.get(stream)
    const sample = { stream, t_ms: at - this.#startedAt, dt_ms, values }
    if (samples === undefined) this.#pending.set(stream, [sample])
    else samples.push(sample)
  }
}

function coresOf(values: Sample['values']): number[] {
  const busy: number[] = []
  for (let core = 0; ; core++) {
    const value = values[`core.${core}.busy`]
    if (value === undefined) return busy
    busy.push(value)
  }
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
