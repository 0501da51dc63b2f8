import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { mem } from 'systeminformation'
import { describe, expect, it } from 'vitest'
import { monotonicMs } from '../../src/engine/clock.ts'
import { observerCost } from '../../src/engine/sampling/observer-cost.ts'
import { procProvider } from '../../src/engine/sampling/proc/proc-provider.ts'
import type { SamplingProvider } from '../../src/engine/sampling/provider.ts'
import { patienceMs, type RawSample, Sampler } from '../../src/engine/sampling/sampler.ts'
import { systeminformationProvider } from '../../src/engine/sampling/systeminformation-provider.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder, until } from '../support/scratch.ts'

const onLinux = process.platform === 'linux'
const scratch = scratchFolder()

/** CPU time of a process so far, which its kernel counts in ticks of 10 ms. */
function cpuMsOf(processId: number): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'latin1')
  // From its state on, which follows the name in brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

const tickMs = 10

/** A reading of a tree, and what its kernel said of a process just before and just after. */
async function readBetween(provider: SamplingProvider, processId: number) {
  const kernel = () => ({ at: performance.now(), cpuMs: cpuMsOf(processId) })
  const before = kernel()
  const { processes } = await provider.readTree(process.pid)
  return { before, own: processes.find((each) => each.processId === processId), after: kernel() }
}

type Between = Awaited<ReturnType<typeof readBetween>>

/** The least and the most that the share of a core can be between two readings, however long each took. */
function possibleShare(from: Between, to: Between): readonly [number, number] {
  const least = to.before.cpuMs - from.after.cpuMs - 2 * tickMs
  const most = to.after.cpuMs - from.before.cpuMs + 2 * tickMs
  return [least / (to.after.at - from.before.at), most / (to.before.at - from.after.at)]
}

describe.runIf(onLinux)('what is read from /proc', () => {
  it('agrees with what systeminformation lists: the same processes, and their memory', async () => {
    const script = 'console.log(1); for (;;);'
    const busy = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
    await once(busy.stdout, 'data')
    const id = busy.pid as number
    const [proc, listing] = [procProvider(), systeminformationProvider()]
    const [readFirst, listedFirst] = [await readBetween(proc, id), await readBetween(listing, id)]
    await setTimeout(1000)
    const [read, listed] = [await readBetween(proc, id), await readBetween(listing, id)]
    busy.kill('SIGKILL')
    const ratio = (read.own?.rssBytes ?? 0) / (listed.own?.rssBytes ?? 1)
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02)
    // A busy loop has about a core, as far as the others on this machine leave it one.
    const [least, most] = possibleShare(readFirst, read)
    expect(most).toBeGreaterThan(0)
    expect(read.own?.cpuShare).toBeGreaterThanOrEqual(least)
    expect(read.own?.cpuShare).toBeLessThanOrEqual(most)
    // What it is a share of is the listing's own account of all cores.
    const [leastListed, mostListed] = possibleShare(listedFirst, listed)
    expect(listed.own?.cpuShare).toBeGreaterThan(leastListed - 0.2)
    expect(listed.own?.cpuShare).toBeLessThan(mostListed + 0.2)
  })

  it('agrees with what systeminformation tells of the machine’s memory', async () => {
    // Of some readings the first alone tells it.
    const used = async () => Number((await procProvider().readMachine()).memoryUsedBytes)
    const before = await used()
    const { total, available } = await mem()
    const after = await used()
    expect(total - available).toBeGreaterThan(0.9 * Math.min(before, after))
    expect(total - available).toBeLessThan(1.1 * Math.max(before, after))
  })

  it('is nothing where the process is gone', async () => {
    expect((await procProvider().readTree(2 ** 22 + 1)).processes).toEqual([])
  })
})

/** The real sampler, which lists no processes, and none at all as long as a file is there: it says so by another. */
async function samplerHeldBy(hold: string, held: string): Promise<string> {
  const [program, listing] = [scratch.path('held.cjs'), scratch.path('listing.cjs')]
  await writeFile(
    listing,
    `const { existsSync, writeFileSync } = require('node:fs')
    exports.processes = async () => {
      while (existsSync(${JSON.stringify(hold)})) {
        writeFileSync(${JSON.stringify(held)}, '')
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      return { list: [] }
    }`,
  )
  const url = JSON.stringify(pathToFileURL(listing).href)
  await writeFile(
    program,
    `require('node:module').registerHooks({
      resolve: (name, context, next) =>
        name === 'systeminformation' ? { url: ${url}, shortCircuit: true } : next(name, context),
    })
    require(${JSON.stringify(programs.sampler)})`,
  )
  return program
}

describe('the sampler', () => {
  it('keeps the pace, measures each interval, and rests when told', async () => {
    const sampler = new Sampler(programs.sampler, 'proc')
    await sampler.ready()
    const samples: RawSample[] = []
    const machine = () => samples.filter(({ stream }) => stream === 'machine')
    const from = monotonicMs()
    sampler.watch({ root: process.pid, intervalMs: 100, largestTree: 1 }, (taken) =>
      samples.push(...taken),
    )
    sampler.workBegins()
    await until('there are some samples', () => machine().length > 8)
    const { missed, p99Ms } = (await sampler.workEnds()) ?? expect.fail('it does not answer')
    const seen = machine()
    const [first, last] = [seen[0]?.at ?? 0, seen.at(-1)?.at ?? 0]
    // No more than one for each interval; and where there is none, it is told of as missed or as late.
    expect(100 * (seen.length - 1)).toBeLessThan(last - from + 5)
    expect(100 * (seen.length - 1 + missed)).toBeGreaterThan(last - first - (p99Ms ?? 0) - 5)
    seen.slice(1).forEach(({ at, dt_ms }, index) => {
      expect(dt_ms).toBeCloseTo(at - (seen[index]?.at ?? 0), 6)
    })
    await sampler.rest()
    const count = machine().length
    await setTimeout(300)
    expect(machine()).toHaveLength(count)
    await sampler.close()
  })

  it('is heard where it has answered in time, though who asks was held up beyond that', async () => {
    const program = scratch.path('answering.cjs')
    const [asked, answered] = [scratch.path('asked'), scratch.path('answered')]
    await writeFile(
      program,
      `const { existsSync, writeFileSync } = require('node:fs')
      const { parentPort } = require('node:worker_threads')
      parentPort.postMessage({ type: 'ready' })
      parentPort.on('message', ({ ticket }) => {
        while (!existsSync(${JSON.stringify(asked)}));
        parentPort.postMessage({ type: 'marked', ticket, mark: 'an answer' })
        writeFileSync(${JSON.stringify(answered)}, '')
      })`,
    )
    const sampler = new Sampler(program, 'proc')
    await sampler.ready()
    const late = performance.now() + patienceMs + 100
    const answer = sampler.mark()
    // What comes next in the loop are its timers.
    await setImmediate()
    writeFileSync(asked, '')
    while (performance.now() < late || !existsSync(answered));
    expect(await answer).toBe('an answer')
    await sampler.close()
  })

  it('that is slow to read the last of a trial tells how it kept its pace, and watches the next all the same', async () => {
    const [hold, held] = [scratch.path('hold'), scratch.path('held')]
    const sampler = new Sampler(await samplerHeldBy(hold, held), 'systeminformation')
    await sampler.ready()
    const watched = { root: process.pid, intervalMs: 50, largestTree: 1 }
    sampler.watch(watched, () => {})
    sampler.workBegins()
    writeFileSync(hold, '')
    await until('it is reading', () => existsSync(held))
    expect(await sampler.workEnds()).not.toBeNull()
    await sampler.rest()
    const from = monotonicMs()
    const next: RawSample[] = []
    sampler.watch(watched, (samples) => next.push(...samples))
    rmSync(hold)
    for (let look = 0; look < 10; look++) {
      await setTimeout(50)
      expect(await sampler.mark()).not.toBeNull()
    }
    expect(next.length).toBeGreaterThan(0)
    for (const { at } of next) expect(at).toBeGreaterThan(from)
    await sampler.rest()
    const count = next.length
    await setTimeout(300)
    expect(next).toHaveLength(count)
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
