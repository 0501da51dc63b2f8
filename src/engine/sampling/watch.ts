import { type SampleStream, seriesNames } from '../../shared/model/sample.ts'
import { RowBuilder } from '../../shared/sample-row.ts'
import { monotonicMs } from '../clock.ts'
import { CoreShares, putWorkersByCore } from './core-shares.ts'
import { Pace, type Punctuality } from './pace.ts'
import type { MachineReading, SamplingProvider, TreeReading, WorkerThread } from './provider.ts'
import type { Mark, RawSample } from './sampler-messages.ts'
import { threadCpuMs } from './thread-cpu.ts'
import { TreeMemory } from './tree-memory.ts'

/**
 * Share of the work window that reading the tree may take. Where one reading costs 100 ms, a short
 * trial has none in its window, so that all trials of a run are disturbed alike.
 */
const treeBudget = 0.02

const never = Number.POSITIVE_INFINITY

/** What stands for a value that was not read this time: the list of series stays the same. */
const notRead = Number.NaN

const rssOf = seriesNames('process', 'rss_bytes')
const cpuOf = seriesNames('process', 'cpu_share')
const workerCpu = seriesNames('worker', 'cpu_share')
const workerCore = seriesNames('worker', 'last_core')
const voluntaryOf = seriesNames('worker', 'voluntary_switches')
const involuntaryOf = seriesNames('worker', 'involuntary_switches')

export interface WatchOptions {
  readonly root: number
  readonly intervalMs: number
  /** What reading the tree took last, and reading the memory of the run's largest tree will take, in ms. */
  readonly treeCostMs: number
  readonly dearestMemoryMs: number
}

/** Watches one trial: its machine, its processes and threads, its memory, each at its own pace. */
export class Watch {
  readonly #provider: SamplingProvider
  readonly #root: number
  readonly #tell: (samples: readonly RawSample[]) => void
  readonly #pace: Pace
  readonly #cores = new CoreShares()
  readonly #memory: TreeMemory
  readonly #rows = {
    machine: new RowBuilder(),
    processes: new RowBuilder(),
    memory: new RowBuilder(),
  }
  #pending: RawSample[] = []
  #machineReading: Promise<void> | undefined
  #treeReading: Promise<void> | undefined
  #memoryReading: Promise<void> | undefined
  #nextTreeAt: number
  #treeReadAt = 0
  #treeCostMs: number
  #previousTreeAt: number | undefined
  #coreCount = 0
  #isWorking = false

  constructor(
    provider: SamplingProvider,
    options: WatchOptions,
    tell: (samples: readonly RawSample[]) => void,
  ) {
    this.#provider = provider
    this.#root = options.root
    this.#tell = tell
    this.#treeCostMs = options.treeCostMs
    this.#nextTreeAt = provider.leastTreeIntervalMs === 0 ? 0 : never
    const read = (processId: number) => provider.readMemory(processId)
    this.#memory = new TreeMemory(read, monotonicMs, options.dearestMemoryMs)
    this.#pace = new Pace(options.intervalMs, () => this.read())
  }

  start(): void {
    this.#pace.start()
  }

  follow(workers: readonly (WorkerThread | null)[]): void {
    this.#provider.follow(workers)
  }

  /** What reading the tree took last, in ms. */
  get treeCostMs(): number {
    return this.#treeCostMs
  }

  /** Reads the memory of the whole tree, as it is now. */
  async look(): Promise<void> {
    if (this.#provider.leastTreeIntervalMs === 0) await this.#readTree(true)
    await this.#lookAtMemory()
    this.#flush()
  }

  async mark(): Promise<Mark> {
    const machine = await readMachine(this.#provider)
    return { machine, counters: this.#provider.readCounters(), samplerCpuMs: threadCpuMs() }
  }

  /** From here on a tree that is dear to read may be read, as often as its budget allows. */
  beginWork(): void {
    this.#isWorking = true
    this.#pace.count(true)
    this.#nextTreeAt = Math.min(this.#nextTreeAt, this.#withinBudget(monotonicMs()))
  }

  /** The work is over. */
  endCounting(): Punctuality {
    this.#isWorking = false
    this.#pace.count(false)
    this.#nextTreeAt = never
    return this.#pace.punctuality
  }

  /** Reads tree and memory once more. */
  async readLast(): Promise<void> {
    await this.#treeReading
    if (monotonicMs() - this.#treeReadAt >= this.#provider.leastTreeIntervalMs) {
      await this.#readTree(true)
    }
    await this.#lookAtMemory()
    this.#flush()
  }

  async stop(): Promise<void> {
    this.#pace.stop()
    this.#nextTreeAt = never
    await Promise.all([this.#machineReading, this.#treeReading, this.#memoryReading])
    this.#flush()
    this.#provider.close()
  }

  /** One sample, as far as the paces of its parts allow. */
  read(): void {
    if (this.#machineReading !== undefined) {
      this.#pace.miss()
      return
    }
    // What is read at once is sent at once, in one message.
    const machine = this.#readMachine()
    if (machine !== undefined) {
      this.#machineReading = machine.finally(() => {
        this.#machineReading = undefined
        this.#flush()
      })
    }
    if (monotonicMs() >= this.#nextTreeAt && this.#treeReading === undefined) {
      const tree = this.#readTree(false)
      if (tree !== undefined) {
        this.#treeReading = tree.finally(() => {
          this.#treeReading = undefined
          if (this.#nextTreeAt !== never) this.#nextTreeAt = this.#withinBudget(this.#treeReadAt)
          this.#flush()
        })
      }
    }
    this.#flush()
    if (this.#isWorking && this.#memoryReading === undefined && this.#memory.isDue) {
      this.#memoryReading = this.#memory.readAll(this.#rows.memory).finally(() => {
        this.#memoryReading = undefined
        this.#emit('memory', monotonicMs(), 0)
        this.#flush()
      })
    }
  }

  /** A promise only where the provider makes one; a reading that fails is one that is missing. */
  #readMachine(): Promise<void> | undefined {
    const reading = this.#provider.readMachine()
    if (!(reading instanceof Promise)) {
      this.#addMachine(reading)
      return undefined
    }
    return reading.then(
      (read) => this.#addMachine(read),
      () => {},
    )
  }

  #addMachine(reading: MachineReading): void {
    this.#coreCount = reading.busyMs.length
    const row = this.#rows.machine
    const dtMs = this.#cores.put(reading, row)
    row.put('machine.memory_used_bytes', reading.memoryUsedBytes ?? notRead)
    this.#emit('machine', reading.at, dtMs)
  }

  #readTree(isWhole: boolean): Promise<void> | undefined {
    this.#treeReadAt = monotonicMs()
    const reading = this.#provider.readTree(this.#root, isWhole)
    const add = (tree: TreeReading) => {
      this.#treeCostMs = monotonicMs() - this.#treeReadAt
      this.#addTree(tree)
    }
    if (reading instanceof Promise) return reading.then(add, () => {})
    add(reading)
    return undefined
  }

  #addTree({ at, processes, threads, memoryUsedBytes }: TreeReading): void {
    this.#memory.update(processes)
    if (processes.length === 0) return
    const row = this.#rows.processes
    if (memoryUsedBytes !== null) row.put('machine.memory_used_bytes', memoryUsedBytes)
    // A sum with something that was not read is not read: so is its NaN.
    let rss = 0
    let cpu = 0
    for (const { processId, cpuShare, rssBytes } of processes) {
      row.put(rssOf(processId), rssBytes ?? notRead)
      row.put(cpuOf(processId), cpuShare ?? notRead)
      rss += rssBytes ?? notRead
      cpu += cpuShare ?? notRead
    }
    row.put('tree.rss_bytes', rss)
    row.put('tree.cpu_share', cpu)
    threads.forEach((thread, worker) => {
      if (thread === null) return
      row.put(workerCpu(worker), thread.cpuShare ?? notRead)
      row.put(workerCore(worker), thread.core ?? notRead)
    })
    if (threads.some((thread) => thread !== null)) {
      putWorkersByCore(threads, this.#coreCount, row)
    }
    this.#emit('processes', at, this.#previousTreeAt === undefined ? 0 : at - this.#previousTreeAt)
    this.#previousTreeAt = at
  }

  async #lookAtMemory(): Promise<void> {
    await this.#memoryReading
    const row = this.#rows.memory
    await this.#memory.readAll(row)
    this.#provider.readCounters().forEach((counters, worker) => {
      const { voluntary = null, involuntary = null } = counters ?? {}
      if (voluntary !== null) row.put(voluntaryOf(worker), voluntary)
      if (involuntary !== null) row.put(involuntaryOf(worker), involuntary)
    })
    this.#emit('memory', monotonicMs(), 0)
  }

  #emit(stream: Exclude<SampleStream, 'reports'>, at: number, dt: number): void {
    const row = this.#rows[stream]
    if (row.isEmpty && stream === 'memory') return
    this.#pending.push({ stream, at, dt_ms: dt, ...row.take() })
  }

  #flush(): void {
    if (this.#pending.length === 0) return
    this.#tell(this.#pending)
    this.#pending = []
  }

  /** When the next reading of the tree may follow on one at the given time. */
  #withinBudget(at: number): number {
    return at + Math.max(this.#provider.leastTreeIntervalMs, this.#treeCostMs / treeBudget)
  }
}

async function readMachine(provider: SamplingProvider): Promise<MachineReading | null> {
  try {
    return await provider.readMachine()
  } catch {
    return null
  }
}
