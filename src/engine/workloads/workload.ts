import type { ParameterDescription, WorkloadDescription } from '../../shared/model/workload.ts'

/** What a worker gives a workload when it prepares. */
export interface TaskContext {
  readonly seed: number
  /** The worker's number, from 0. */
  readonly worker: number
  /** The trial's private folder, for a workload that needs one. */
  readonly folder: string | null
  /** Loopback port of the lab's own server, for a workload that needs it. */
  readonly serverPort: number | null
  /** The workload's shared data, or a copy of it where workers share no memory; null where it has none. */
  readonly sharedData: SharedArrayBuffer | null
  /** Sends a text to the host, which sends it back: a round trip. */
  exchange(payload: string): Promise<string>
}

/** Data that all workers of a trial read. */
export interface SharedData<Parameters> {
  /** Its size in bytes. */
  bytes(parameters: Parameters): number
  /**
   * Makes it: once for all where workers share memory, else once in each of them.
   *
   * @param copy 0, or the number of the worker that makes one of its own
   */
  make(parameters: Parameters, seed: number, copy: number): SharedArrayBuffer
}

/** The work itself, prepared. It does not know whether it runs inline, in a thread or in a process. */
export interface Kernel {
  /** Does one task and returns the checksum of its result: a safe integer. */
  task(index: number): number | Promise<number>
  /** Checks a result, where the expected checksums are too many for a table. */
  verify?(index: number, checksum: number): boolean
  /** Takes the inputs of the tasks to come, where they come from the host; tasks have them in turn. */
  take?(inputs: readonly unknown[]): void
  /** What must be waited for before the next task; undefined where nothing must. */
  room?(): Promise<void> | undefined
  /** The host has what was sent to it. */
  received?(): void
  /** Answers a batch of dynamic tasks itself, with more than their checksums. */
  answer?(answer: {
    readonly type: 'answer'
    readonly checksums: readonly number[]
    readonly longestMs: number
  }): void
  close?(): void | Promise<void>
}

type Values<Name extends string> = Readonly<Record<Name, number>>

export interface Workload<Name extends string = string> extends WorkloadDescription {
  readonly parameters: Readonly<Record<Name, ParameterDescription>>
  /** What a trial must provide. */
  readonly needs: 'nothing' | 'folder' | 'server'
  /** Memory one worker needs beyond the runtime's own and shared data, in bytes: an estimate, for the guard. */
  memoryBytes(parameters: Values<Name>): number
  readonly shared?: SharedData<Values<Name>>
  prepare(parameters: Values<Name>, context: TaskContext): Kernel | Promise<Kernel>
  /**
   * Checksums found another way than the kernel finds them: task `i` must return entry
   * `i % length`. Null where the kernel's `verify` decides.
   */
  expected(
    parameters: Values<Name>,
    seed: number,
  ): readonly number[] | Promise<readonly number[]> | null
  /** Of a module of the user's own: what it exports, and what tells its content from another's. */
  readonly own?: { readonly exports: OwnExports; readonly fingerprint: string }
}

/** What a module of the user's own exports beside its task. */
export interface OwnExports {
  readonly inputs: boolean
  readonly setup: boolean
  readonly check: boolean
}

/**
 * Room that a worker takes for what it makes and drops, before it is collected: with Node 24 on x64 Linux
 * up to so much was seen.
 */
export const garbageBytes = 32 * 1024 * 1024

/** Ties the parameters that a workload declares to those that its functions read. */
export function defineWorkload<const Name extends string>(workload: Workload<Name>): Workload {
  return workload as unknown as Workload
}
