import type { HostReport } from '../../../src/engine/execution/protocol.ts'
import type {
  ProcessReading,
  SamplingProvider,
  ThreadReading,
} from '../../../src/engine/sampling/provider.ts'
import type { RawSample } from '../../../src/engine/sampling/sampler.ts'
import { Watch } from '../../../src/engine/sampling/watch.ts'
import { seriesNames } from '../../../src/shared/model/sample.ts'
import { randomNumbers } from '../../../src/shared/random.ts'
import { RowBuilder } from '../../../src/shared/sample-row.ts'

/*
 * A machine with 64 cores on which 64 worker processes are busy, made up to the digits of a real one:
 * cores in ticks of 10 ms, threads in ns over intervals that are never quite even, memory in pages, heaps
 * in steps of 8 bytes between collections. What of it is looked at in turn is as the reader of /proc does it.
 */

export const madeUpCores = 64
export const madeUpWorkers = 64
export const intervalMs = 100

const pageBytes = 4096
const groups = Math.ceil(madeUpWorkers / 12)
const samplesPerMemory = 100
const host = 5098
const pssOf = seriesNames('process', 'pss_bytes')
const ussOf = seriesNames('process', 'uss_bytes')

/** What one interval brings, in the order in which it comes. */
export interface Interval {
  readonly samples: readonly RawSample[]
  readonly report: HostReport
}

interface MadeUpProcess {
  readonly processId: number
  rss: number
  owedMs: number
  turnAt: number
}

export class MadeUpMachine {
  readonly #next = randomNumbers(64)
  readonly #watch: Watch
  readonly #memory = new RowBuilder()
  #samples: RawSample[] = []
  #at = 0
  #dt = intervalMs
  #count = 0
  readonly #busyMs = new Array<number>(madeUpCores).fill(1e6)
  readonly #owedMs = new Array<number>(madeUpCores).fill(0)
  readonly #processes: readonly MadeUpProcess[] = Array.from(
    { length: madeUpWorkers + 1 },
    (_, index) => ({
      processId: host + 2 * index + (index % 5),
      rss: (13_800 + (index % 7) * 11) * pageBytes,
      owedMs: 0,
      turnAt: 0,
    }),
  )
  readonly #cores = Array.from({ length: madeUpWorkers }, (_, worker) => worker % madeUpCores)
  readonly #crew = {
    at: new Array<number | null>(madeUpWorkers).fill(null),
    tasks: new Array<number>(madeUpWorkers).fill(0),
    cpuMs: new Array<number>(madeUpWorkers).fill(0),
    heap: new Array<number>(madeUpWorkers).fill(5_400_000),
  }
  #hostCpuMs = 100

  constructor() {
    const options = { root: host, intervalMs, treeCostMs: 0, dearestMemoryMs: 65 }
    this.#watch = new Watch(this.#provider(), options, (samples) => this.#samples.push(...samples))
    this.#watch.follow([])
  }

  interval(): Interval {
    this.#samples = []
    this.#count++
    this.#dt = intervalMs + (this.#share() - 0.5) * 1.2
    this.#at += this.#dt
    this.#watch.read()
    if (this.#count % samplesPerMemory === 0) this.#samples.push(this.#memorySample())
    return { samples: this.#samples, report: this.#report() }
  }

  /** 0–1, with as many digits as a quotient of two clocks has. */
  #share(): number {
    return (this.#next() + this.#next() / 2 ** 32) / 2 ** 32
  }

  #provider(): SamplingProvider {
    return {
      leastTreeIntervalMs: 0,
      readMachine: () => ({
        at: this.#at,
        busyMs: this.#busyMs.map((busy, core) => {
          this.#owedMs[core] =
            (this.#owedMs[core] as number) + this.#dt * (0.9 + 0.1 * this.#share())
          const ticks = Math.floor((this.#owedMs[core] as number) / 10) * 10
          this.#owedMs[core] = (this.#owedMs[core] as number) - ticks
          this.#busyMs[core] = busy + ticks
          return busy + ticks
        }),
        memoryUsedBytes:
          this.#count % 4 === 0
            ? 40e9 - (40e9 % pageBytes) + (this.#next() % 9000) * pageBytes
            : null,
      }),
      readTree: () => ({
        at: this.#at + 0.05 + this.#share() * 0.1,
        processes: this.#processes.map((_, index) => this.#process(index)),
        threads: this.#cores.map((_, worker) => this.#thread(worker)),
        memoryUsedBytes: null,
      }),
      follow: () => {},
      readCounters: () => [],
      readMemory: () => null,
      close: () => {},
    }
  }

  #isDue(index: number): boolean {
    return (index + this.#count) % groups === 0
  }

  #process(index: number): ProcessReading {
    const process = this.#processes[index] as MadeUpProcess
    const { processId } = process
    if (!this.#isDue(index)) return { processId, cpuShare: null, rssBytes: null }
    const dt = this.#at + this.#share() * 0.2 - process.turnAt
    process.turnAt += dt
    process.owedMs += dt * (index === 0 ? 0.03 : 0.95) * (0.95 + 0.05 * this.#share())
    const ticks = Math.floor(process.owedMs / 10) * 10
    process.owedMs -= ticks
    if (this.#next() % 5 === 0) process.rss += ((this.#next() % 65) - 32) * pageBytes
    return { processId, cpuShare: ticks / dt, rssBytes: process.rss }
  }

  #thread(worker: number): ThreadReading {
    const before = this.#cores[worker] as number
    const isDue = this.#isDue(worker)
    if (isDue && this.#next() % 12 === 0) this.#cores[worker] = this.#next() % madeUpCores
    const core = isDue ? (this.#cores[worker] as number) : null
    const spentOn = core === null || core === before ? [before] : [before, core]
    return { cpuShare: 0.8 + 0.2 * this.#share(), core, spentOn }
  }

  #memorySample(): RawSample {
    const row = this.#memory
    let [pss, uss] = [0, 0]
    for (const { processId, rss } of this.#processes) {
      const own = Math.floor(rss / pageBytes / 5 + (this.#next() % 20)) * pageBytes
      const shared = own + (this.#next() % 2500) * 1024
      row.put(pssOf(processId), shared)
      row.put(ussOf(processId), own)
      pss += shared
      uss += own
    }
    row.put('tree.pss_bytes', pss)
    row.put('tree.uss_bytes', uss)
    return { stream: 'memory', at: this.#at + 60, dt_ms: 0, ...row.take() }
  }

  #report(): HostReport {
    const { at, tasks, cpuMs, heap } = this.#crew
    const now = this.#at + this.#share() * 5
    for (let worker = 0; worker < madeUpWorkers; worker++) {
      // Who is in the middle of a task says nothing new.
      if (this.#next() % 10 === 0 && at[worker] !== null) continue
      const done = 3 + (this.#next() % 4)
      at[worker] = now - this.#share() * 20
      tasks[worker] = (tasks[worker] as number) + done
      cpuMs[worker] = (at[worker] as number) * 0.95 + this.#share() * 2
      heap[worker] = (heap[worker] as number) + done * 552 + 8 * (this.#next() % 90)
      if (this.#next() % 200 === 0) heap[worker] = 5_400_000 + 8 * (this.#next() % 4000)
    }
    this.#hostCpuMs += this.#dt * 0.02 + this.#share()
    return {
      type: 'report',
      at: now,
      rssBytes: this.#processes[0]?.rss ?? 0,
      cpuMs: this.#hostCpuMs,
      workers: {
        at: [...at],
        tasks: [...tasks],
        cpuMs: [...cpuMs],
        rssBytes: this.#processes.slice(1).map(({ rss }) => rss),
        heapUsedBytes: [...heap],
        isDone: at.map(() => false),
      },
    }
  }
}
