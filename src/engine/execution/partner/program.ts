import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { loadPart } from './catalogue.ts'
import type { PartChannel } from './part.ts'

/** Started by a probe as a thread or as a process, with the name of its part; finds out which it is. */
async function play(name: string, channel: PartChannel): Promise<void> {
  const part = await loadPart(name)
  await part(channel)
}

if (isMainThread) {
  // Whose probe is gone has nothing left to do. One that is busy is ended with its group.
  process.on('disconnect', () => process.exit())
  process.on('SIGINT', () => {})
  process.on('error', () => {})
  const [, , name = '', data = 'null'] = process.argv
  void play(name, {
    isThread: false,
    data: JSON.parse(data),
    send: (message) => void process.send?.(message),
    receive: (listener) => void process.on('message', listener),
  })
} else {
  const port = parentPort
  if (port === null) throw new Error('a worker thread has a port')
  const { name, data } = workerData as { name: string; data: unknown }
  void play(name, {
    isThread: true,
    data,
    send: (message, transfer) => port.postMessage(message, transfer),
    receive: (listener) => void port.on('message', listener),
  })
}
