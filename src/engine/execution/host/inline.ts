import type { HostToWorker } from '../protocol.ts'
import { startWorker } from '../worker/worker.ts'
import type { ExecutionModel } from './model.ts'

/** The host itself as the only worker: messages are function calls. */
export const inline: ExecutionModel = {
  start(_program, listener) {
    let toWorker: (message: HostToWorker) => void = () => {}
    startWorker({
      send: listener.message,
      receive: (handler) => {
        toWorker = handler
      },
      exit: () => listener.exited(null),
    })
    return { send: (message) => toWorker(message), kill: () => listener.exited(null) }
  },
}
