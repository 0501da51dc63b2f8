import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { type Transferable, Worker, type WorkerOptions } from 'node:worker_threads'
import type { PartName } from './part.ts'

/** A thread or a process that plays a part for a probe. */
export interface Partner {
  readonly processId: number
  /** What it reads and what it writes, where it was started with pipes for both; else null. */
  readonly pipes: { readonly input: Writable; readonly output: Readable } | null
  send(message: unknown, transfer?: readonly Transferable[]): void
  /** The next message. Rejects, in words, where it ends before. */
  next(): Promise<unknown>
  /** Hears every message from now on; `next` then hears none. */
  receive(listener: (message: unknown) => void): void
  /** How it ended, in words as `exit code 1` or `signal SIGKILL`; null for an ordinary end. */
  readonly exited: Promise<string | null>
  /** Ends it at once, whatever it is doing; resolves when it is gone. */
  kill(): Promise<void>
}

export interface PartnerStart {
  /** Path of the built program of partners. */
  readonly program: string
  readonly part: PartName
  /** Given to it as it is to a thread, as JSON to a process. */
  readonly data?: unknown
}

export function startPartner(
  model: 'threads' | 'processes',
  start: PartnerStart,
  options: { readonly thread?: WorkerOptions; readonly process?: ForkOptions } = {},
): Partner {
  return model === 'threads'
    ? startThread(start, options.thread)
    : startProcess(start, options.process)
}

function startThread({ program, part, data }: PartnerStart, options?: WorkerOptions): Partner {
  const worker = new Worker(program, { ...options, workerData: { name: part, data } })
  const messages = new Inbox()
  let error: string | null = null
  worker.on('message', (message) => messages.add(message))
  worker.on('error', (cause) => {
    error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  })
  const exited = new Promise<string | null>((resolve) => {
    worker.once('exit', (code) => resolve(error ?? (code === 0 ? null : `exit code ${code}`)))
  })
  void exited.then((how) => messages.end(how))
  return {
    processId: process.pid,
    pipes: null,
    send: (message, transfer) => worker.postMessage(message, transfer),
    next: () => messages.next(),
    receive: (listener) => messages.listen(listener),
    exited,
    kill: async () => {
      await worker.terminate()
    },
  }
}

function startProcess({ program, part, data }: PartnerStart, options?: ForkOptions): Partner {
  const argument = JSON.stringify(data ?? null)
  const child = fork(program, [part, argument], { execArgv: [], ...options })
  const messages = new Inbox()
  child.on('message', (message) => messages.add(message))
  const exited = new Promise<string | null>((resolve) => {
    child.once('error', (cause) => resolve(cause.message))
    child.once('exit', (code, signal) =>
      resolve(signal === null ? (code === 0 ? null : `exit code ${code}`) : `signal ${signal}`),
    )
  })
  void exited.then((how) => messages.end(how))
  return {
    processId: child.pid ?? 0,
    pipes: pipesOf(child),
    // One that has just died is heard of by its exit, not by a failed send.
    send: (message) => void child.send(message as never, () => {}),
    next: () => messages.next(),
    receive: (listener) => messages.listen(listener),
    exited,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

function pipesOf({ stdin, stdout }: ChildProcess): Partner['pipes'] {
  if (stdin === null || stdout === null) return null
  // One that ends while it is written to is heard of by its exit.
  stdin.on('error', () => {})
  return { input: stdin, output: stdout }
}

/** Messages that came before they were asked for wait here. */
class Inbox {
  readonly #waiting: unknown[] = []
  #asked: PromiseWithResolvers<unknown> | null = null
  #listener: ((message: unknown) => void) | null = null
  #ended: Error | null = null

  add(message: unknown): void {
    if (this.#listener !== null) this.#listener(message)
    else if (this.#asked === null) this.#waiting.push(message)
    else {
      const { resolve } = this.#asked
      this.#asked = null
      resolve(message)
    }
  }

  next(): Promise<unknown> {
    if (this.#waiting.length > 0) return Promise.resolve(this.#waiting.shift())
    if (this.#ended !== null) return Promise.reject(this.#ended)
    this.#asked ??= Promise.withResolvers()
    return this.#asked.promise
  }

  listen(listener: (message: unknown) => void): void {
    this.#listener = listener
    for (const message of this.#waiting.splice(0)) listener(message)
  }

  end(how: string | null): void {
    this.#ended = new Error(`a partner ended before its time: ${how ?? 'exit code 0'}`)
    this.#asked?.reject(this.#ended)
    this.#asked = null
  }
}
