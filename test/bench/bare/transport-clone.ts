// Bytes to a thread and back by structured clone, with nothing around it.
import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { size, timeRoundTrips } from './round-trips.ts'

if (isMainThread) {
  const worker = new Worker(import.meta.filename)
  let bytes = new Uint8Array(size)
  await once(worker, 'online')
  let came = () => {}
  worker.on('message', (answer) => {
    bytes = answer
    came()
  })
  await timeRoundTrips(
    () =>
      new Promise<void>((resolve) => {
        came = resolve
        worker.postMessage(bytes)
      }),
  )
} else {
  parentPort?.on('message', (bytes) => parentPort?.postMessage(bytes))
}
