import { Worker } from 'node:worker_threads'
import { heapIsFull } from '../heap-end.ts'
import type { ExecutionModel } from './model.ts'

export const threads: ExecutionModel = {
  start(program, listener) {
    const worker = new Worker(program)
    let error: string | null = null
    worker.on('message', listener.message)
    worker.on('error', (cause) => {
      error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
      if ((cause as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY')
        error = heapIsFull
    })
    worker.on('messageerror', (cause) => {
      error = `a message from it cannot be read: ${cause.message}`
      void worker.terminate()
    })
    worker.on('exit', (code) => listener.exited(error ?? (code === 0 ? null : `exit code ${code}`)))
    return {
      send: (message) => worker.postMessage(message),
      kill: () => void worker.terminate(),
    }
  },
}
