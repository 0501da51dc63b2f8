import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { WorkerIdentity } from '../../src/engine/execution/protocol.ts'
import { putWorkersByCore } from '../../src/engine/sampling/core-shares.ts'
import { ProcFile } from '../../src/engine/sampling/proc/proc-file.ts'
import { procProvider } from '../../src/engine/sampling/proc/proc-provider.ts'
import { WatchedProcess } from '../../src/engine/sampling/proc/watched-process.ts'
import type { TreeReading, WorkerThread } from '../../src/engine/sampling/provider.ts'
import { systeminformationProvider } from '../../src/engine/sampling/systeminformation-provider.ts'
import { RowBuilder } from '../../src/shared/sample-row.ts'
import { whileWorking } from '../support/real-trial.ts'
import { until } from '../support/scratch.ts'

const onLinux = process.platform === 'linux'
const mebibyte = 2 ** 20
const cores = cpus().length

/** Starts Node with a script that says a word when it has done what it is to do. */
async function startNode(script: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return child
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

const followed = (workers: readonly WorkerIdentity[]): WorkerThread[] =>
  workers.map(({ processId, osThreadId }) => ({ processId, osThreadId: osThreadId ?? 0 }))

describe.runIf(onLinux).each(['threads', 'processes'] as const)('workers that are %s', (model) => {
  it('are seen each for itself: the time each has had, and the core it was on', async () => {
    await whileWorking({ model, workers: 3 }, async ({ host, workers }) => {
      const provider = procProvider()
      provider.follow(followed(workers))
      let readingMs = 0
      const read = async () => {
        const from = performance.now()
        const tree = (await provider.readTree(host)) as TreeReading
        readingMs += performance.now() - from
        return tree
      }
      const { at: from } = await read()
      expect((await provider.readMachine()).busyMs).toHaveLength(cores)
      await setTimeout(400)
      const { threads, processes, at } = await read()
      expect(processes).toHaveLength(model === 'threads' ? 1 : 4)
      expect(threads).toHaveLength(3)
      let together = 0
      for (const thread of threads) {
        if (thread === null) expect.fail('a worker was not seen')
        // Each computes all the time; others on this machine may leave it little.
        expect(thread.cpuShare).toBeGreaterThan(0)
        expect(thread.cpuShare).toBeLessThan(1.1)
        expect(thread.core).toBeGreaterThanOrEqual(0)
        expect(thread.core).toBeLessThan(cores)
        together += thread.cpuShare ?? 0
      }
      // Threads and processes are read by different accounts of the kernel, the second in ticks.
      const tree = processes.reduce((sum, { cpuShare }) => sum + (cpuShare ?? 0), 0)
      // And one after the other: what has been done between the two is in one of them alone.
      const between = (cores * readingMs) / (at - from)
      expect(Math.abs(tree - together)).toBeLessThan(0.3 + between)

      const row = new RowBuilder()
      putWorkersByCore(threads, cores, row)
      const { series, values } = row.take()
      expect(series).toHaveLength(cores)
      for (const value of Array.from(values)) {
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
      }
      const switches = provider.readCounters()
      expect(switches.map((each) => typeof each?.involuntary)).toEqual(Array(3).fill('number'))
      provider.close()
    })
  })
})

describe.runIf(onLinux)('a tree that changes while it is read', () => {
  it('is read on without the worker that has died', async () => {
    await whileWorking({ model: 'processes', workers: 2 }, async ({ host, workers }) => {
      const provider = procProvider()
      provider.follow(followed(workers))
      const read = async () => (await provider.readTree(host)) as TreeReading
      await read()
      await read()
      const [first] = workers
      const victim = first?.processId ?? 0
      process.kill(victim, 'SIGKILL')
      await until('its end is seen', async () => {
        const { processes } = await read()
        return !processes.some(({ processId }) => processId === victim)
      })
      expect((await read()).threads[0]).toBeNull()
      expect(provider.readMemory(victim)).toBeNull()
      // It may be waited for meanwhile, and its number gone with it.
      await read()
      expect(provider.readCounters()).toHaveLength(2)
      provider.close()
    })
  })

  it('is nothing when the root has died, and closing it twice does no harm', async () => {
    const child = await startNode('console.log(1); process.stdin.resume()')
    const provider = procProvider()
    const id = child.pid as number
    expect(((await provider.readTree(id)) as TreeReading).processes).toHaveLength(1)
    await end(child)
    expect(((await provider.readTree(id)) as TreeReading).processes).toEqual([])
    provider.close()
    provider.close()
  })

  it('never takes who comes later under the same number for who was there before', async () => {
    const child = await startNode('console.log(1); process.stdin.resume()')
    const [stat, status] = ['stat', 'status'].map(
      (name) => new ProcFile(`/proc/${child.pid}/${name}`),
    )
    expect(stat?.read()).not.toBeNull()
    await end(child)
    // The path may come to be another's; the descriptor is the ended one's, and is not opened again.
    for (let attempt = 0; attempt < 3; attempt++) expect(stat?.read()).toBeNull()
    expect(status?.read()).toBeNull()
    stat?.close()
    status?.close()
  })

  it('has all its children, also where their list is longer than a page', async () => {
    const count = 900
    const script = `i=0; while [ $i -lt ${count} ]; do sleep 60 & i=$((i+1)); done; echo 1; read line`
    const parent = spawn('sh', ['-c', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    })
    try {
      await once(parent.stdout, 'data')
      const watched = new WatchedProcess(parent.pid as number)
      const children = watched.children()
      watched.close()
      expect(children.join(' ').length).toBeGreaterThan(4096)
      expect(new Set(children).size).toBe(count)
    } finally {
      const gone = once(parent, 'exit')
      process.kill(-(parent.pid as number), 'SIGKILL')
      await gone
    }
  })
})

describe.runIf(onLinux)('the memory of a process', () => {
  const script = (mib: number) =>
    `globalThis.held = Buffer.alloc(${mib} * 2 ** 20, 1); console.log(1); process.stdin.resume()`

  it('is private at the least, proportional between, resident at the most', async () => {
    const child = await startNode(script(1))
    const provider = procProvider()
    const tree = (await provider.readTree(child.pid as number)) as TreeReading
    const { pssBytes = 0, ussBytes = 0 } = provider.readMemory(child.pid as number) ?? {}
    await end(child)
    provider.close()
    expect(ussBytes).toBeGreaterThan(mebibyte)
    expect(pssBytes).toBeGreaterThanOrEqual(ussBytes)
    expect(tree.processes[0]?.rssBytes).toBeGreaterThanOrEqual(pssBytes)
  })

  it('that holds 64 MiB more is 64 MiB larger, by each measure', async () => {
    const [small, large] = await Promise.all([startNode(script(1)), startNode(script(65))])
    const provider = procProvider()
    const measure = async (child: ChildProcess) => {
      const tree = (await provider.readTree(child.pid as number)) as TreeReading
      const own = tree.processes.find(({ processId }) => processId === child.pid)
      return { rssBytes: own?.rssBytes ?? 0, ...provider.readMemory(child.pid as number) }
    }
    const [less, more] = [await measure(small), await measure(large)]
    await Promise.all([end(small), end(large)])
    provider.close()
    for (const key of ['rssBytes', 'pssBytes', 'ussBytes'] as const) {
      const difference = ((more[key] ?? 0) - (less[key] ?? 0)) / mebibyte
      expect(Math.abs(difference - 64), key).toBeLessThan(6.4)
    }
  })
})

describe('the portable provider', () => {
  it('tells no threads, no shared memory and no switches, rather than none of them', async () => {
    const provider = systeminformationProvider()
    provider.follow([{ processId: process.pid, osThreadId: process.pid }])
    const tree = await provider.readTree(process.pid)
    expect(tree.processes.map(({ processId }) => processId)).toContain(process.pid)
    expect(tree.processes[0]?.cpuShare).toBeNull()
    expect(tree.threads).toEqual([])
    expect(provider.readCounters()).toEqual([])
    expect(provider.readMemory(process.pid)).toBeNull()
    expect((await provider.readMachine()).busyMs).toHaveLength(cores)
    provider.close()
  })
})
