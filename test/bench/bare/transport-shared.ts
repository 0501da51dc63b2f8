// Bytes to a thread and back through shared memory, with nothing around it.
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { size, timeRoundTrips } from './round-trips.ts'

const memory: SharedArrayBuffer = workerData ?? new SharedArrayBuffer(8 + size)
const turn = new Int32Array(memory, 0, 1)
const payload = new Uint8Array(memory, 8)
const own = new Uint8Array(payload.length)

function give(to: number): void {
  payload.set(own)
  Atomics.store(turn, 0, to)
  Atomics.notify(turn, 0)
}

function take(me: number): void {
  while (Atomics.load(turn, 0) !== me) Atomics.wait(turn, 0, 1 - me)
  own.set(payload)
}

if (isMainThread) {
  const worker = new Worker(import.meta.filename, { workerData: memory })
  await new Promise((resolve) => worker.once('online', resolve))
  await timeRoundTrips(() => {
    give(1)
    take(0)
  })
} else {
  for (;;) {
    take(1)
    give(0)
  }
}
