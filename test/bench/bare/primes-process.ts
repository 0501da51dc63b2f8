// The work in a process, with nothing around it: what the lab's worker is measured against.
import { fork } from 'node:child_process'
import { countPrimes } from '../../../src/engine/workloads/primes.ts'

const [n, tasks] = process.argv.slice(2).map(Number) as [number, number]

if (process.send === undefined) {
  const worker = fork(import.meta.filename, [String(n), String(tasks)])
  let start = 0
  worker.on('message', (message) => {
    if (message === 'ready') {
      start = performance.now()
      worker.send('go')
    } else {
      console.log((tasks * 1000) / (performance.now() - start))
    }
  })
} else {
  process.once('message', () => {
    for (let task = 0; task < tasks; task++) countPrimes(n)
    process.send?.('done')
    process.disconnect()
  })
  process.send('ready')
}
