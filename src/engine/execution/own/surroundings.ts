import { writeSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import { framesOf, OwnFailure, ownFailure, placeOf } from './failure.ts'

/** Told what goes wrong outside of what the module was asked for. */
type Tell = (failure: OwnFailure) => void

let tell: Tell | null = null
let undo = () => {}

/**
 * What a module of the user's own finds around it is alike under every model: an error that nobody
 * catches and `process.exit` are told, rather than end the process that is to tell of them; our channel
 * is not seen; and what it writes is written at once. Asked again, it tells the one who asked last.
 *
 * @param whose what `process.exit` would end
 */
export function surround(path: string, told: Tell, whose = 'its worker'): void {
  const isFirst = tell === null
  tell = told
  if (!isFirst) return
  // Where the module has a source map, its errors speak of what it was made from.
  process.setSourceMapsEnabled(true)
  const uncaught = (thrown: unknown) => tell?.(ownFailure(thrown, path))
  process.on('uncaughtException', uncaught)

  const { exit, send } = process
  process.exit = (code) => {
    // Without a channel there is nobody left to tell.
    if (isMainThread && !process.connected) exit(code)
    const frames = framesOf(new Error(), path)
    const call = `process.exit(${code ?? process.exitCode ?? ''})`
    const failure = new OwnFailure(
      `the module ended ${whose} with ${call}${placeOf(frames)}`,
      frames,
    )
    tell?.(failure)
    throw failure
  }
  if (isMainThread) delete process.send
  writeAtOnce()
  syncBuiltinESMExports()

  undo = () => {
    process.exit = exit
    if (send !== undefined) process.send = send
    process.off('uncaughtException', uncaught)
    tell = null
    undo = () => {}
  }
}

/** Gives the process back, so that it can be ended. */
export function unsurround(): void {
  undo()
}

/**
 * A thread's output waits in its own memory until its host has taken it: a task that writes without end
 * and never lets the loop turn would fill it. A process writes into the pipe at once, and so does this;
 * but to a process a pipe that takes no more is an error that nobody has caught, and to this it is not.
 */
function writeAtOnce(): void {
  for (const [stream, descriptor] of [
    [process.stdout, 1],
    [process.stderr, 2],
  ] as const) {
    stream.write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
      try {
        if (typeof chunk === 'string') writeSync(descriptor, chunk)
        else writeSync(descriptor, chunk)
      } catch {
        // The pipe is full or gone: of what is written only the end is kept anyway.
      }
      const callback = typeof encoding === 'function' ? encoding : done
      if (typeof callback === 'function') queueMicrotask(() => callback())
      return true
    }) as typeof stream.write
  }
}
