import { type ChildProcess, fork } from 'node:child_process'
import type { Writable } from 'node:stream'

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
  #closed = false

  constructor(program: string) {
    this.#program = program
    this.#process = this.#start()
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

  #start(): ChildProcess {
    const reaper = fork(this.#program, {
      execArgv: [],
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    })
    // `fork` insists on a channel; the reaper needs none, and the app must not wait for it.
    reaper.disconnect()
    reaper.unref()
    ;(reaper.stdin as Writable & { unref?: () => void })?.unref?.()
    reaper.stdin?.on('error', () => {})
    reaper.on('exit', () => {
      // Someone has killed it: take its post again.
      if (this.#closed) return
      this.#process = this.#start()
      for (const what of this.#watched) this.#tell(`+${what}`)
    })
    return reaper
  }
}
