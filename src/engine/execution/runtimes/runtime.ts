import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { LabToHost } from '../protocol.ts'

/** Which host a trial is given. */
export type HostLaunch =
  | { readonly runtime: 'node'; readonly program: string }
  /** @property interpreter path of the Python that runs the program */
  | { readonly runtime: 'python'; readonly interpreter: string; readonly program: string }

/**
 * A host as the lab has it, whatever it is written in: a process that leads a process group, and
 * messages both ways. Adding a runtime is one more function that makes one, and a host that speaks
 * what protocol.ts says.
 */
export interface HostProcess {
  readonly process: ChildProcess
  /** What it writes that is no message, to be drained. */
  readonly output: readonly (Readable | null)[]
  /** Hears every message, from the first on; to be called at once. Whether it is one of ours is not known yet. */
  listen(heard: (message: unknown) => void): void
  /** Does nothing where the host is gone. */
  send(message: LabToHost): void
  /** Lets go of what would keep the lab waiting for a host that is gone. */
  letGo(): void
}
