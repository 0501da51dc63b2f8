/** One reading of the whole machine. */
export interface MachineReading {
  readonly at: number
  /** By core: time since boot in which it was not idle, in ms. */
  readonly busyMs: readonly number[]
  readonly memoryUsedBytes: number | null
}

/** One process of a tree, as the system lists it. */
export interface ProcessReading {
  readonly processId: number
  /** CPU time per time since the listing before, 1 = one core; null where it was not in that. */
  readonly cpuShare: number | null
  readonly rssBytes: number
}

export interface TreeReading {
  readonly at: number
  readonly processes: readonly ProcessReading[]
}

/** Where samples come from. A platform's own way to read cheaply is one more of these. */
export interface SamplingProvider {
  readonly name: string
  readMachine(): Promise<MachineReading>
  /** The process `root` and all below it. */
  readTree(root: number): Promise<TreeReading>
  /** Least time between two tree readings that differ, in ms. */
  readonly leastTreeIntervalMs: number
}
