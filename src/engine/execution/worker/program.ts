import { isMainThread, parentPort } from 'node:worker_threads'
import type { HostToWorker } from '../protocol.ts'
import { startWorker } from './worker.ts'

/** Started by the host as a thread or as a process; finds out which it is. */
if (isMainThread) {
  // A worker whose host is gone has nothing left to do. One that is busy never gets here: see reaper.ts.
  process.on('disconnect', () => process.exit())
  process.on('SIGINT', () => {})
  process.on('error', () => {})
  // A module of the user's own does not find it, and so cannot speak for us.
  const send = process.send?.bind(process)
  startWorker({
    send: (message) => void send?.(message),
    receive: (listener) =>
      void process.on('message', (message) => listener(message as HostToWorker)),
    exit: () => process.exit(),
  })
} else {
  const port = parentPort
  if (port === null) throw new Error('a worker thread has a port')
  startWorker({
    send: (message) => port.postMessage(message),
    receive: (listener) => void port.on('message', listener),
    exit: () => process.exit(),
  })
}
