/** One reading of the whole machine. */
export interface MachineReading {
  readonly at: number
  /** By core: time since boot in which it worked, in ms. */
  readonly busyMs: readonly number[]
  /** Null where it is too dear to be read with every sample. */
  readonly memoryUsedBytes: number | null
}

/** One process of a tree. */
export interface ProcessReading {
  readonly processId: number
  /** CPU time per time since the reading before, 1 = one core; null where it was not in that. */
  readonly cpuShare: number | null
  /** Null where it was not read this time. */
  readonly rssBytes: number | null
}

/** The thread that does a worker's tasks, since the reading before. */
export interface ThreadReading {
  /** 1 = one core; null where the reading before is too close. */
  readonly cpuShare: number | null
  /** The core it was on, by its place among those that are read; null where that was not read this time. */
  readonly core: number | null
  /** Where its time since the reading before is thought to have been spent: one core, or two. */
  readonly spentOn: readonly number[]
}

export interface TreeReading {
  readonly at: number
  readonly processes: readonly ProcessReading[]
  /** By worker; null for one that could not be read. Empty where threads cannot be told apart. */
  readonly threads: readonly (ThreadReading | null)[]
  /** Of the machine, where `readMachine` does not give it. */
  readonly memoryUsedBytes: number | null
}

/** Memory of a process beside its resident set. */
export interface ProcessMemory {
  /** Each page divided by the number of processes that have it in memory. */
  readonly pssBytes: number
  /** Pages that no other process has. */
  readonly ussBytes: number
}

/** Context switches of a thread so far; null where the system does not count them. */
export interface ThreadCounters {
  readonly voluntary: number | null
  readonly involuntary: number | null
}

/** Where a worker's tasks are done, in the system's own numbers. */
export interface WorkerThread {
  readonly processId: number
  readonly osThreadId: number
}

/** Where samples come from. A platform's own way to read cheaply is one more of these. */
export interface SamplingProvider {
  /**
   * Least time between two tree readings, in ms. 0: a reading costs so little that it goes with every
   * sample, while workers are started too.
   */
  readonly leastTreeIntervalMs: number
  readMachine(): MachineReading | Promise<MachineReading>
  /**
   * The process `root` and all below it; none where it is gone.
   *
   * @param isWhole whether all of it is to be read, however much there is; so it is where nothing is said
   */
  readTree(root: number, isWhole?: boolean): TreeReading | Promise<TreeReading>
  /** From now on the tree's readings tell of these threads too, by worker; null for one that is not known. */
  follow(workers: readonly (WorkerThread | null)[]): void
  /** By worker that is followed; empty where threads cannot be told apart. */
  readCounters(): readonly (ThreadCounters | null)[]
  /** Dear: about 1 ms. Null where the platform has no such figures, or the process is gone. */
  readMemory(processId: number): ProcessMemory | null
  /** Gives back what it holds open. */
  close(): void
}

/** `proc` reads Linux's own files; `systeminformation` works everywhere, at a price. */
export type ProviderName = 'proc' | 'systeminformation'
