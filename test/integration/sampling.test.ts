import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { mem } from 'systeminformation'
import { describe, expect, it } from 'vitest'
import { observerCost } from '../../src/engine/sampling/observer-cost.ts'
import { procProvider } from '../../src/engine/sampling/proc/proc-provider.ts'
import { type RawSample, Sampler } from '../../src/engine/sampling/sampler.ts'
import { systeminformationProvider } from '../../src/engine/sampling/systeminformation-provider.ts'
import { programs } from '../support/programs.ts'

const onLinux = process.platform === 'linux'

/** CPU time of a process so far, which its kernel counts in ticks of 10 ms. */
function cpuMsOf(processId: number): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'latin1')
  // From its state on, which follows the name in brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

describe.runIf(onLinux)('what is read from /proc', () => {
  it('agrees with what systeminformation lists: the same processes, and their memory', async () => {
    const busy = spawn(process.execPath, ['-e', 'for (;;);'])
    await once(busy, 'spawn')
    await setTimeout(300)
    const proc = procProvider()
    const listing = systeminformationProvider()
    await Promise.all([proc.readTree(process.pid), listing.readTree(process.pid)])
    const [from, before] = [performance.now(), cpuMsOf(busy.pid as number)]
    await setTimeout(1000)
    const share = (cpuMsOf(busy.pid as number) - before) / (performance.now() - from)
    const [read, listed] = await Promise.all([
      proc.readTree(process.pid),
      listing.readTree(process.pid),
    ])
    busy.kill('SIGKILL')
    const of = (tree: typeof read, id: number | undefined) =>
      tree.processes.find(({ processId }) => processId === id)
    const [a, b] = [of(read, busy.pid), of(listed, busy.pid)]
    expect(Math.abs((a?.rssBytes ?? 0) / (b?.rssBytes ?? 1) - 1)).toBeLessThan(0.02)
    // A busy loop has about a core, as far as the others on this machine leave it one.
    expect(share).toBeGreaterThan(0)
    expect(Math.abs((a?.cpuShare ?? 9) - share)).toBeLessThan(0.2)
    expect(Math.abs((a?.cpuShare ?? 0) - (b?.cpuShare ?? 9))).toBeLessThan(0.4)
    const [mine, { total, available }] = await Promise.all([proc.readMachine(), mem()])
    const ratio = (mine.memoryUsedBytes ?? 0) / (total - available)
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1)
  })

  it('is nothing where the process is gone', async () => {
    expect((await procProvider().readTree(2 ** 22 + 1)).processes).toEqual([])
  })
})

describe('the sampler', () => {
  it('keeps the pace, measures each interval, and rests when told', async () => {
    const sampler = new Sampler(programs.sampler, 'proc')
    await sampler.ready()
    const samples: RawSample[] = []
    sampler.watch({ root: process.pid, intervalMs: 100, largestTree: 1 }, (taken) =>
      samples.push(...taken),
    )
    await setTimeout(1250)
    await sampler.rest()
    const machine = samples.filter(({ stream }) => stream === 'machine')
    const count = machine.length
    expect(count).toBeGreaterThan(8)
    expect(count).toBeLessThan(15)
    machine.slice(1).forEach(({ at, dt_ms }, index) => {
      expect(dt_ms).toBeCloseTo(at - (machine[index]?.at ?? 0), 6)
    })
    await setTimeout(300)
    expect(samples.filter(({ stream }) => stream === 'machine')).toHaveLength(count)
    await sampler.close()
  })

  it('that is gone keeps nobody waiting', async () => {
    const sampler = new Sampler(programs.sampler, 'proc')
    await sampler.ready()
    await sampler.close()
    expect(await sampler.mark()).toBeNull()
    await sampler.rest()
    expect(sampler.isGone).toBe(true)
  })
})

describe.runIf(onLinux)('the cost of the observer', () => {
  it('holds the work of this process and of the children it has waited for', async () => {
    const spent = () => {
      const cost = observerCost()
      return (cost?.processMs ?? 0) + (cost?.childrenMs ?? 0)
    }
    const before = spent()
    const child = spawn(process.execPath, ['-e', 'while (process.cpuUsage().user < 300_000);'])
    await once(child, 'exit')
    expect(spent() - before).toBeGreaterThan(200)
  })
})
