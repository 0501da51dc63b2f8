import { parentPort } from 'node:worker_threads'
import type { SampleSeries } from '../../shared/model/sample.ts'
import { monotonicMs } from '../clock.ts'
import type { MachineReading, TreeReading } from './provider.ts'
import type { LabToSampler, RawSample, SamplerToLab } from './sampler-messages.ts'
import { systeminformationProvider } from './systeminformation-provider.ts'

/* The sampler's thread: reads at a steady pace while a trial runs, and nothing between trials. */

/**
 * Share of the work window that listing processes may take. One listing costs a core some 100 ms, so
 * that a short trial has none in its window, and all trials of a run are disturbed alike.
 */
const treeBudget = 0.02

const provider = systeminformationProvider()
const tell = (message: SamplerToLab) => parentPort?.postMessage(message)

let watching: { readonly root: number; readonly intervalMs: number } | undefined
let timer: NodeJS.Timeout | undefined
let previous: MachineReading | undefined
let pendingMachine: Promise<void> | undefined
const never = Number.POSITIVE_INFINITY
let nextTreeAt = never
let treeCostMs = 0
let treeListedAt = 0
let previousTreeAt: number | undefined
let pendingTree: Promise<void> | undefined

parentPort?.on('message', async (message: LabToSampler) => {
  switch (message.type) {
    case 'watch':
      watching = message
      previous = undefined
      previousTreeAt = undefined
      tick(monotonicMs())
      return
    case 'mark':
      tell({ type: 'marked', ticket: message.ticket, reading: await provider.readMachine() })
      return
    case 'work-begins':
      nextTreeAt = afterCostOf(monotonicMs())
      return
    case 'work-ends':
      nextTreeAt = never
      await pendingTree
      if (monotonicMs() - treeListedAt >= provider.leastTreeIntervalMs) await readTree()
      tell({ type: 'met', ticket: message.ticket })
      return
    case 'rest':
      clearTimeout(timer)
      nextTreeAt = never
      watching = undefined
      await Promise.all([pendingMachine, pendingTree])
      tell({ type: 'met', ticket: message.ticket })
  }
})

// The first readings of a provider are its dearest, and tell what a listing costs on this machine.
Promise.all([provider.readMachine(), readTree()]).then(() =>
  tell({ type: 'ready', provider: provider.name }),
)

function tick(due: number): void {
  const { intervalMs } = watching ?? { intervalMs: 0 }
  // The pace is kept by the clock, so that one late reading does not make all that follow late.
  const now = monotonicMs()
  const next = due + intervalMs * Math.max(1, Math.ceil((now - due) / intervalMs))
  timer = setTimeout(tick, next - now, next)
  pendingMachine ??= readMachine().finally(() => {
    pendingMachine = undefined
  })
  if (now < nextTreeAt || pendingTree !== undefined) return
  pendingTree = readTree().finally(() => {
    pendingTree = undefined
    if (nextTreeAt !== never) nextTreeAt = afterCostOf(treeListedAt)
  })
}

async function readMachine(): Promise<void> {
  const reading = await provider.readMachine()
  const before = previous
  previous = reading
  const dt = before === undefined ? 0 : reading.at - before.at
  const values: Partial<Record<SampleSeries, number>> = {}
  if (reading.memoryUsedBytes !== null) {
    values['machine.memory_used_bytes'] = reading.memoryUsedBytes
  }
  if (before !== undefined && dt > 0 && before.busyMs.length === reading.busyMs.length) {
    reading.busyMs.forEach((busy, core) => {
      const share = (busy - (before.busyMs[core] as number)) / dt
      // The system counts in ticks of up to 10 ms (16 on Windows), so that a share may come out over 1.
      values[`core.${core}.busy`] = Math.min(1, Math.max(0, share))
    })
  }
  emit({ stream: 'machine', at: reading.at, dt_ms: dt, values })
}

async function readTree(): Promise<void> {
  const root = watching?.root ?? process.pid
  treeListedAt = monotonicMs()
  try {
    const tree = await provider.readTree(root)
    if (watching?.root === root) emitTree(tree)
  } catch {
    // A listing that failed is one that is missing.
  }
  treeCostMs = monotonicMs() - treeListedAt
}

/** When the next listing is within the budget, after one at, or a window from, the given time. */
function afterCostOf(at: number): number {
  return at + Math.max(provider.leastTreeIntervalMs, treeCostMs / treeBudget)
}

function emitTree({ at, processes }: TreeReading): void {
  if (processes.length === 0) return
  const values: Partial<Record<SampleSeries, number>> = {}
  let rss = 0
  let cpu: number | null = 0
  for (const { processId, cpuShare, rssBytes } of processes) {
    values[`process.${processId}.rss_bytes`] = rssBytes
    if (cpuShare !== null) values[`process.${processId}.cpu_share`] = cpuShare
    rss += rssBytes
    cpu = cpu === null || cpuShare === null ? null : cpu + cpuShare
  }
  values['tree.rss_bytes'] = rss
  if (cpu !== null) values['tree.cpu_share'] = cpu
  const dt = previousTreeAt === undefined ? 0 : at - previousTreeAt
  emit({ stream: 'processes', at, dt_ms: dt, values })
  previousTreeAt = at
}

function emit(sample: RawSample): void {
  tell({ type: 'sample', sample })
}
