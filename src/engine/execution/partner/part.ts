import type { Transferable } from 'node:worker_threads'

/** A partner's end of the channel to the probe that has started it. */
export interface PartChannel {
  readonly isThread: boolean
  /** What it was started with. */
  readonly data: unknown
  send(message: unknown, transfer?: readonly Transferable[]): void
  receive(listener: (message: unknown) => void): void
}

/** What a partner does: one file a part. */
export type Part = (channel: PartChannel) => void | Promise<void>

/** Here, and not beside the catalogue: a part may start others. */
export type PartName = 'counting' | 'locking' | 'steps' | 'failing' | 'victim' | 'echoing'
