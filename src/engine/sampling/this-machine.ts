import os from 'node:os'
import { whyNoProc } from './choice.ts'
import { systemFiles } from './environment/system-files.ts'
import { readTaskLimits, type TaskLimits } from './environment/task-limits.ts'

/** What of the machine decides whether a plan can be run, and how it is looked at. */
export interface Machine {
  /** Logical cores that a run may use. */
  cores(): number
  /** Memory that can still be had without swapping, in bytes. */
  availableMemoryBytes(): Promise<number>
  /** Why Linux's own files cannot be read; null where they can. */
  whyNoProc(): string | null
  /** What bounds kernel threads and open files, where so many kernel threads are needed. */
  taskLimits(needed: number): TaskLimits
  /** How long it is watched for its load, before a run and after it, in ms. */
  readonly loadWindowMs: number
}

export const thisMachine: Machine = {
  cores: () => os.availableParallelism(),
  availableMemoryBytes,
  whyNoProc,
  taskLimits: (needed) => readTaskLimits(systemFiles(), needed),
  loadWindowMs: 300,
}

async function availableMemoryBytes(): Promise<number> {
  if (process.platform !== 'darwin') return Math.min(os.freemem(), process.availableMemory())
  // Free pages alone, as Node tells them, are few on a healthy Mac.
  const { mem } = await import('systeminformation')
  return (await mem()).available
}
