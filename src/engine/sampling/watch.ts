import type { SampleSeries } from '../../shared/model/sample.ts'
import { monotonicMs } from '../clock.ts'
import { CoreShares, workersByCore } from './core-shares.ts'
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

/** Watches one trial: its machine, its processes and threads, its memory, each at its own pace. */
export class Watch {
  readonly #provider: SamplingProvider
  readonly #root: number
  readonly #tell: (samples: readonly RawSample[]) => void
  readonly #pace: Pace
  readonly #cores = new CoreShares()
  readonly #memory: TreeMemory
  #pending: RawSample[] = []
  #machineReading: Promise<void> | undefined
  #treeReading: Promise<void> | undefined
  #nextTreeAt: number
  #treeReadAt = 0
  #treeCostMs: number
  #previousTreeAt: number | undefined
  #coreCount = 0
  #isWorking = false

  constructor(
    provider: SamplingProvider,
    options: { readonly root: number; readonly intervalMs: number; readonly treeCostMs: number },
    tell: (samples: readonly RawSample[]) => void,
  ) {
    this.#provider = provider
    this.#root = options.root
    this.#tell = tell
    this.#treeCostMs = options.treeCostMs
    this.#nextTreeAt = provider.leastTreeIntervalMs === 0 ? 0 : never
    this.#memory = new TreeMemory((processId) => provider.readMemory(processId), monotonicMs)
    this.#pace = new Pace(options.intervalMs, () => this.#tick())
  }

  start(): void {
    this.#pace.start()
  }

  follow(workers: readonly WorkerThread[]): void {
    this.#provider.follow(workers)
  }

  /** What reading the tree took last, in ms. */
  get treeCostMs(): number {
    return this.#treeCostMs
  }

  /** Reads the memory of the whole tree, as it is now. */
  async look(): Promise<void> {
    if (this.#provider.leastTreeIntervalMs === 0) await this.#readTree()
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

  /** Reads tree and memory once more. */
  async endWork(): Promise<Punctuality> {
    this.#isWorking = false
    this.#pace.count(false)
    const { punctuality } = this.#pace
    this.#nextTreeAt = never
    await this.#treeReading
    if (monotonicMs() - this.#treeReadAt >= this.#provider.leastTreeIntervalMs) {
      await this.#readTree()
    }
    await this.#lookAtMemory()
    this.#flush()
    return punctuality
  }

  async stop(): Promise<void> {
    this.#pace.stop()
    this.#nextTreeAt = never
    await Promise.all([this.#machineReading, this.#treeReading])
    this.#flush()
    this.#provider.close()
  }

  #tick(): void {
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
      const tree = this.#readTree()
      if (tree !== undefined) {
        this.#treeReading = tree.finally(() => {
          this.#treeReading = undefined
          if (this.#nextTreeAt !== never) this.#nextTreeAt = this.#withinBudget(this.#treeReadAt)
          this.#flush()
        })
      }
    }
    if (this.#isWorking) this.#emit('memory', monotonicMs(), 0, this.#memory.readNext())
    this.#flush()
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
    const { dtMs, values } = this.#cores.next(reading)
    if (reading.memoryUsedBytes !== null) {
      values['machine.memory_used_bytes'] = reading.memoryUsedBytes
    }
    this.#emit('machine', reading.at, dtMs, values)
  }

  #readTree(): Promise<void> | undefined {
    this.#treeReadAt = monotonicMs()
    const reading = this.#provider.readTree(this.#root)
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
    const values: Partial<Record<SampleSeries, number>> = {}
    if (memoryUsedBytes !== null) values['machine.memory_used_bytes'] = memoryUsedBytes
    let rss = 0
    let cpu: number | null = 0
    for (const { processId, cpuShare, rssBytes } of processes) {
      values[`process.${processId}.rss_bytes`] = rssBytes
      if (cpuShare !== null) values[`process.${processId}.cpu_share`] = cpuShare
      rss += rssBytes
      cpu = cpu === null || cpuShare === null ? null : cpu + cpuShare
    }
    values['tree.rss_bytes'] = rss
    if (cpu !== null) values['tree.cpu_share'] = cpu
    threads.forEach((thread, worker) => {
      if (thread === null) return
      values[`worker.${worker}.cpu_share`] = thread.cpuShare
      values[`worker.${worker}.last_core`] = thread.core
    })
    if (threads.some((thread) => thread !== null)) {
      Object.assign(values, workersByCore(threads, this.#coreCount))
    }
    const dt = this.#previousTreeAt === undefined ? 0 : at - this.#previousTreeAt
    this.#emit('processes', at, dt, values)
    this.#previousTreeAt = at
  }

  async #lookAtMemory(): Promise<void> {
    const values = (await this.#memory.readAll()) ?? {}
    this.#provider.readCounters().forEach((counters, worker) => {
      const { voluntary = null, involuntary = null } = counters ?? {}
      if (voluntary !== null) values[`worker.${worker}.voluntary_switches`] = voluntary
      if (involuntary !== null) values[`worker.${worker}.involuntary_switches`] = involuntary
    })
    this.#emit('memory', monotonicMs(), 0, Object.keys(values).length === 0 ? null : values)
  }

  #emit(stream: RawSample['stream'], at: number, dt: number, values: RawSample['values'] | null) {
    if (values !== null) this.#pending.push({ stream, at, dt_ms: dt, values })
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
