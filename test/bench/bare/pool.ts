// Trivial tasks through a pool that others have written: what the lab's dispatch is measured against.
import { FixedQueue, Piscina } from 'piscina'
import Tinypool from 'tinypool'

/*
 * For so many ms so many tasks are under way at once, each the square of the next number; prints how
 * many were done in a second. Options are the pool's own, as JSON, and `fixedQueue`.
 */
const [name, workers, durationMs, underWay, json = '{}'] = process.argv.slice(2)
const { fixedQueue = false, ...options } = JSON.parse(json)
const settings = {
  filename: new URL('./square.cjs', import.meta.url).href,
  minThreads: Number(workers),
  maxThreads: Number(workers),
  ...options,
  ...(fixedQueue ? { taskQueue: new FixedQueue() } : {}),
}
const pool =
  name === 'piscina'
    ? new Piscina(settings)
    : new Tinypool({ ...settings, runtime: 'child_process' })

let next = 0
let done = 0
let until = Number.POSITIVE_INFINITY
let endedAt = 0

async function doNext(): Promise<void> {
  const number = next++
  const square = await pool.run(number)
  if (square !== number * number) throw new Error(`${number} does not have the square ${square}`)
  done++
}

/** One of those under way, and when it is done the next. */
async function doAll(): Promise<void> {
  do {
    await doNext()
    endedAt = performance.now()
  } while (endedAt < until)
}

// Until the workers are there and have loaded the task, as the lab's have when their work begins.
await Promise.all(Array.from({ length: 4 * Number(workers) }, doNext))
done = 0
const from = performance.now()
until = from + Number(durationMs)
await Promise.all(Array.from({ length: Number(underWay) }, doAll))
console.log((done * 1000) / (endedAt - from))
await pool.destroy()
