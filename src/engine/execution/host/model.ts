import type { HostToWorker, WorkerToHost } from '../protocol.ts'

/** A worker as the host sees it, whatever it is made of. */
export interface WorkerHandle {
  send(message: HostToWorker): void
  /** Ends it at once, whatever it is doing. */
  kill(): void
}

export interface WorkerListener {
  message(message: WorkerToHost): void
  /** @param how in words, as `exit code 1` or `signal SIGSEGV`; null for an ordinary end. */
  exited(how: string | null): void
}

/** What a model has to be able to do: start a worker. Adding a model is one more of these. */
export interface ExecutionModel {
  /**
   * @param program path of the built worker program
   * @param options.clones whether messages carry more than JSON can say
   */
  start(
    program: string,
    listener: WorkerListener,
    options?: { readonly clones: boolean },
  ): WorkerHandle
}
