// The work in a thread, with nothing around it: what the lab's worker is measured against.
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { countPrimes } from '../../../src/engine/workloads/primes.ts'

const [n, tasks] = process.argv.slice(2).map(Number) as [number, number]

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { argv: [n, tasks] })
  let start = 0
  worker.on('message', (message) => {
    if (message === 'ready') {
      start = performance.now()
      worker.postMessage('go')
    } else {
      console.log((tasks * 1000) / (performance.now() - start))
    }
  })
} else {
  parentPort?.once('message', () => {
    for (let task = 0; task < tasks; task++) countPrimes(n)
    parentPort?.postMessage('done')
  })
  parentPort?.postMessage('ready')
}
