import type { LiveReading } from './model/progress.ts'
import {
  larger,
  later,
  type Merge,
  mean,
  type SeriesName,
  smaller,
  type TimelineData,
  timelineSeries,
  widthOf,
} from './timeline-series.ts'

export type { TimelineData } from './timeline-series.ts'

/** Values of a slot up to which a timeline has all its slots, and how few slots it may come to. */
const usualWidth = 500
const fewestSlots = 64
const lines = timelineSeries.filter(({ of }) => of === 'trial').length

/** Slots of the overview that is kept with a trial: about what a screen has pixels for. */
export const overviewSlots = 1024

/**
 * One trial over time, in bounded memory: a slot holds one reading at first; when all slots are taken,
 * neighbours are merged two by two, so that the whole trial stays in view at half the resolution.
 * Merged, busy fractions and CPU shares are means, memory is the larger one, tasks the later one; what is
 * drawn as a line keeps its extremes as well. NaN stands for "not read".
 */
export class Timeline {
  readonly cores: number
  readonly workers: number
  readonly capacity: number
  /** Slots in use. */
  length = 0
  /** Readings that go into one slot. */
  slotReadings = 1
  #inLastSlot = 0

  /** ms from the start of the trial, of the slot's last reading. */
  readonly t: Float64Array
  readonly busyCores: Float32Array
  readonly busyCoresLow: Float32Array
  readonly busyCoresHigh: Float32Array
  /** CPU time of host and workers / time; in cores. */
  readonly treeCpu: Float32Array
  readonly treeCpuLow: Float32Array
  readonly treeCpuHigh: Float32Array
  /** Of memory, the largest; beside it the least. */
  readonly hostRss: Float64Array
  readonly hostRssLow: Float64Array
  readonly treeRss: Float64Array
  readonly treeRssLow: Float64Array
  /** Proportional and private memory of host and workers. */
  readonly treePss: Float64Array
  readonly treePssLow: Float64Array
  readonly treeUss: Float64Array
  readonly treeUssLow: Float64Array
  readonly tasks: Float64Array
  /** When the tasks were told, in ms from the start of the trial. */
  readonly tasksAt: Float64Array
  /** Slot after slot, each with all cores. */
  readonly coreBusy: Float32Array
  /** The part of it that is the work of the trial's own workers. */
  readonly coreWorkersBusy: Float32Array
  /** Slot after slot, each with all workers. */
  readonly workerTasks: Float32Array
  readonly workerCpu: Float32Array
  /** Resident set of a worker process, JavaScript heap of a worker thread. */
  readonly workerMemory: Float32Array

  /** @param capacity slots, an even number */
  constructor(cores: number, workers: number, capacity: number) {
    this.cores = cores
    this.workers = workers
    this.capacity = capacity
    const wide = () => new Float64Array(capacity)
    const narrow = (width = 1) => new Float32Array(capacity * width)
    this.t = wide()
    this.busyCores = narrow()
    this.busyCoresLow = narrow()
    this.busyCoresHigh = narrow()
    this.treeCpu = narrow()
    this.treeCpuLow = narrow()
    this.treeCpuHigh = narrow()
    this.hostRss = wide()
    this.hostRssLow = wide()
    this.treeRss = wide()
    this.treeRssLow = wide()
    this.treePss = wide()
    this.treePssLow = wide()
    this.treeUss = wide()
    this.treeUssLow = wide()
    this.tasks = wide()
    this.tasksAt = wide()
    this.coreBusy = narrow(cores)
    this.coreWorkersBusy = narrow(cores)
    this.workerTasks = narrow(workers)
    this.workerCpu = narrow(workers)
    this.workerMemory = narrow(workers)
  }

  /**
   * One that has fewer slots than are wanted where cores and workers are very many: it holds as much as
   * one of some hundred series would.
   */
  static within(capacity: number, cores: number, workers: number): Timeline {
    const most = Math.floor((capacity * usualWidth) / (2 * cores + 3 * workers + lines))
    return new Timeline(cores, workers, Math.min(capacity, Math.max(fewestSlots, 2 * (most >> 1))))
  }

  add(reading: LiveReading): void {
    if (this.#inLastSlot === this.slotReadings || this.length === 0) {
      if (this.length === this.capacity) this.#halve()
      if (this.#inLastSlot === this.slotReadings || this.length === 0) {
        this.length++
        this.#inLastSlot = 0
      }
    }
    const slot = this.length - 1
    this.#inLastSlot++
    const taken = this.#inLastSlot
    this.t[slot] = reading.t_ms
    this.#put(this.treeCpu, slot, reading.treeCpuShare, taken, mean)
    this.#put(this.treeCpuLow, slot, reading.treeCpuShare, taken, smaller)
    this.#put(this.treeCpuHigh, slot, reading.treeCpuShare, taken, larger)
    this.#put(this.hostRss, slot, reading.hostRssBytes, taken, larger)
    this.#put(this.hostRssLow, slot, reading.hostRssBytes, taken, smaller)
    this.#put(this.treeRss, slot, reading.treeRssBytes, taken, larger)
    this.#put(this.treeRssLow, slot, reading.treeRssBytes, taken, smaller)
    this.#put(this.treePss, slot, reading.treePssBytes, taken, larger)
    this.#put(this.treePssLow, slot, reading.treePssBytes, taken, smaller)
    this.#put(this.treeUss, slot, reading.treeUssBytes, taken, larger)
    this.#put(this.treeUssLow, slot, reading.treeUssBytes, taken, smaller)
    this.#put(this.tasks, slot, reading.tasksDone, taken, later)
    this.#put(this.tasksAt, slot, reading.tasksAt_ms, taken, later)

    let busyCores: number | null = null
    for (let core = 0; core < this.cores; core++) {
      const busy = reading.busy[core] ?? null
      this.#put(this.coreBusy, slot * this.cores + core, busy, taken, mean)
      const own = reading.workersBusy[core] ?? null
      this.#put(this.coreWorkersBusy, slot * this.cores + core, own, taken, mean)
      if (busy !== null) busyCores = (busyCores ?? 0) + busy
    }
    this.#put(this.busyCores, slot, busyCores, taken, mean)
    this.#put(this.busyCoresLow, slot, busyCores, taken, smaller)
    this.#put(this.busyCoresHigh, slot, busyCores, taken, larger)

    for (let index = 0; index < this.workers; index++) {
      const at = slot * this.workers + index
      const worker = reading.workers[index]
      this.#put(this.workerTasks, at, worker?.tasks ?? null, taken, later)
      this.#put(this.workerCpu, at, worker?.cpuShare ?? null, taken, mean)
      const memory = worker?.rssBytes ?? worker?.heapUsedBytes ?? null
      this.#put(this.workerMemory, at, memory, taken, larger)
    }
  }

  /** The slot that shows time `t`: the last that is not after it; -1 before the first. */
  slotAt(t: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.t[middle] as number) <= t) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  toData(): TimelineData {
    const series = {} as Record<SeriesName, (number | null)[]>
    for (const each of timelineSeries) {
      const values = this[each.name].subarray(0, this.length * widthOf(each, this))
      series[each.name] = rounded(values, each.digits)
    }
    const { cores, workers, slotReadings } = this
    return { cores, workers, slotReadings, inLastSlot: this.#inLastSlot, ...series }
  }

  /** @param capacity slots; more where the data has more */
  static from(data: TimelineData, capacity: number): Timeline {
    const { cores, workers } = data
    const timeline = new Timeline(
      cores,
      workers,
      Math.max(capacity, 2 * Math.ceil(data.t.length / 2)),
    )
    timeline.length = data.t.length
    timeline.slotReadings = data.slotReadings
    timeline.#inLastSlot = data.inLastSlot
    for (const { name } of timelineSeries) {
      const to = timeline[name]
      const from = data[name]
      // Kept before there was such a series.
      if (from === undefined) to.fill(Number.NaN)
      else for (let at = 0; at < from.length; at++) to[at] = from[at] ?? Number.NaN
    }
    return timeline
  }

  #put(into: Series, at: number, value: number | null, taken: number, merge: Merge): void {
    const next = value ?? Number.NaN
    const held = into[at] as number
    if (taken === 1 || Number.isNaN(held)) into[at] = next
    else if (!Number.isNaN(next)) into[at] = merge(held, next, taken)
  }

  #halve(): void {
    const half = this.length >> 1
    for (const each of timelineSeries) {
      const values = this[each.name]
      const width = widthOf(each, this)
      const { merge } = each
      for (let slot = 0; slot < half; slot++) {
        for (let at = 0; at < width; at++) {
          const first = values[2 * slot * width + at] as number
          const second = values[(2 * slot + 1) * width + at] as number
          values[slot * width + at] = Number.isNaN(first)
            ? second
            : Number.isNaN(second)
              ? first
              : merge(first, second, 2)
        }
      }
    }
    this.length = half
    this.slotReadings *= 2
    // Every slot is full now, and the next reading opens a new one.
    this.#inLastSlot = this.slotReadings
  }
}

type Series = Float32Array | Float64Array

function rounded(values: Series, digits: number): (number | null)[] {
  const scale = 10 ** digits
  return Array.from(values, (value) =>
    Number.isNaN(value) ? null : Math.round(value * scale) / scale,
  )
}
