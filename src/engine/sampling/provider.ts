import { existsSync } from 'node:fs'

/** One reading of the whole machine. */
export interface MachineReading {
  readonly at: number
  /** By core: time since boot in which it was not idle, in ms. */
  readonly busyMs: readonly number[]
  /** Null where it is too dear to be read with every sample. */
  readonly memoryUsedBytes: number | null
}

/** One process of a tree. */
export interface ProcessReading {
  readonly processId: number
  /** CPU time per time since the reading before, 1 = one core; null where it was not in that. */
  readonly cpuShare: number | null
  readonly rssBytes: number
}

export interface TreeReading {
  readonly at: number
  readonly processes: readonly ProcessReading[]
  /** Of the machine, where `readMachine` does not give it. */
  readonly memoryUsedBytes: number | null
}

/** Where samples come from. A platform's own way to read cheaply is one more of these. */
export interface SamplingProvider {
  readMachine(): Promise<MachineReading>
  /** The process `root` and all below it; none where it is gone. */
  readTree(root: number): Promise<TreeReading>
  /**
   * Least time between two tree readings, in ms. 0: a reading costs so little that it goes with every
   * sample, while workers are started too.
   */
  readonly leastTreeIntervalMs: number
}

/** `proc` reads Linux's own files; `systeminformation` works everywhere, at a price. */
export type ProviderName = 'proc' | 'systeminformation'

/** The provider for this machine. */
export function providerName(): ProviderName {
  // A kernel may be built without the list of children.
  const hasChildren = existsSync(`/proc/self/task/${process.pid}/children`)
  return process.platform === 'linux' && hasChildren ? 'proc' : 'systeminformation'
}
