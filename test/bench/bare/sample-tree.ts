import { setTimeout } from 'node:timers/promises'
import si from 'systeminformation'
import { observerCost } from '../../../src/engine/sampling/observer-cost.ts'
import { Sampler } from '../../../src/engine/sampling/sampler.ts'
import { programs } from '../../support/programs.ts'

/*
 * Samples the processes below one for some seconds, and prints the CPU time of it by sample, in ms, that
 * of the programs it has started included: `ours` through the lab's sampler, `systeminformation` by
 * calls of that alone.
 */
const [how, root = '0', intervalMs = '250', seconds = '5', ...rest] = process.argv.slice(2)
const workers = rest.map(Number)

const spent = () => {
  const cost = observerCost()
  if (cost === null) throw new Error('what children took is known on Linux alone')
  return cost.processMs + cost.childrenMs
}
const until = performance.now() + Number(seconds) * 1000
let samples = 0
let from: number

if (how === 'ours') {
  const sampler = new Sampler(programs.sampler, 'proc')
  await sampler.ready()
  const watched = {
    root: Number(root),
    intervalMs: Number(intervalMs),
    largestTree: 1 + workers.length,
  }
  sampler.watch(watched, (taken) => {
    samples += taken.filter(({ stream }) => stream === 'machine').length
  })
  // As it is told of the workers of a trial: their threads are read too.
  sampler.follow(workers.map((id) => ({ processId: id, osThreadId: id })))
  // And the memory that is read before the work begins is not sampling: the other has none at all.
  await sampler.look()
  from = spent()
  samples = 0
  sampler.workBegins()
  await setTimeout(until - performance.now())
  await sampler.rest()
  await sampler.close()
} else {
  const sample = () => Promise.all([si.currentLoad(), si.processes(), si.mem()])
  await sample()
  from = spent()
  while (performance.now() < until) {
    const next = performance.now() + Number(intervalMs)
    await sample()
    samples++
    await setTimeout(Math.max(0, next - performance.now()))
  }
}
console.log((spent() - from) / samples)
