import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** Killed again and again, it is not started for ever. */
const mostRestarts = 5

/**
 * Sees to it that nothing we started outlives the app. A worker in a busy loop never notices that
 * its channel has closed, so that something outside it must end it: a small process of its own, in
 * a session of its own, that waits for a pipe from the app to close.
 *
 * On Windows the kernel does the same besides: libuv puts every child that is not detached into a
 * job object that ends with its parent.
 */
export class Reaper {
  readonly #program: string
  readonly #watched = new Set<string>()
  #process: ChildProcess
  #restarts = 0
  #closed = false

  /** @throws Error where no process can be started; then nothing that needs ending should be either */
  static async start(program: string): Promise<Reaper> {
    const reaper = new Reaper(program)
    await once(reaper.#process, 'spawn').catch((error: Error) => {
      throw new Error(`the reaper could not be started: ${error.message}`)
    })
    return reaper
  }

  private constructor(program: string) {
    this.#program = program
    this.#process = this.#fork()
  }

  /** @param leader process id of a group's leader */
  watchGroup(leader: number): () => void {
    return this.#watch(`group ${leader}`)
  }

  /** @param folder removed with all that is in it */
  watchFolder(folder: string): () => void {
    return this.#watch(`folder ${folder}`)
  }

  /** Ends whatever is still watched, and the reaper. */
  close(): void {
    this.#closed = true
    this.#process.stdin?.end()
  }

  #watch(what: string): () => void {
    this.#watched.add(what)
    this.#tell(`+${what}`)
    return () => {
      if (this.#watched.delete(what)) this.#tell(`-${what}`)
    }
  }

  #tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`)
  }

  #fork(): ChildProcess {
    const reaper = fork(this.#program, {
      execArgv: [],
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    } as Parameters<typeof fork>[2])
    // `fork` insists on a channel; the reaper needs none, and the app must not wait for it.
    if (reaper.connected) reaper.disconnect()
    reaper.unref()
    reaper.on('error', () => {})
    reaper.stdin?.on('error', () => {})
    reaper.on('exit', () => {
      // Someone has killed it: take its post again.
      if (this.#closed || this.#restarts === mostRestarts) return
      this.#restarts++
      this.#process = this.#fork()
      for (const what of this.#watched) this.#tell(`+${what}`)
    })
    return reaper
  }
}
