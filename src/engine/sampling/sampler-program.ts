import { parentPort, workerData } from 'node:worker_threads'
import type { SampleSeries } from '../../shared/model/sample.ts'
import { monotonicMs } from '../clock.ts'
import { procProvider } from './proc-provider.ts'
import type { MachineReading, ProviderName, TreeReading } from './provider.ts'
import type { LabToSampler, RawSample, SamplerToLab } from './sampler-messages.ts'
import { systeminformationProvider } from './systeminformation-provider.ts'

/* The sampler's thread: reads at a steady pace while a trial runs, and nothing between trials. */

/**
 * Share of the work window that reading the tree may take. Where one reading costs 100 ms, a short
 * trial has none in its window, so that all trials of a run are disturbed alike.
 */
const treeBudget = 0.02

const providers = { proc: procProvider, systeminformation: systeminformationProvider }
const provider = providers[workerData as ProviderName]()
const tell = (message: SamplerToLab) => parentPort?.postMessage(message)
const never = Number.POSITIVE_INFINITY

let watching: { readonly root: number; readonly intervalMs: number } | undefined
let timer: NodeJS.Timeout | undefined
let previous: MachineReading | undefined
let pendingMachine: Promise<void> | undefined
let nextTreeAt = never
let treeCostMs = 0
let treeReadAt = 0
let previousTreeAt: number | undefined
let pendingTree: Promise<void> | undefined

parentPort?.on('message', async (message: LabToSampler) => {
  switch (message.type) {
    case 'watch':
      watching = message
      previous = undefined
      previousTreeAt = undefined
      nextTreeAt = provider.leastTreeIntervalMs === 0 ? 0 : never
      tick(monotonicMs())
      return
    case 'mark':
      tell({ type: 'marked', ticket: message.ticket, reading: await provider.readMachine() })
      return
    case 'work-begins':
      nextTreeAt = Math.min(nextTreeAt, withinBudget(monotonicMs()))
      return
    case 'work-ends':
      nextTreeAt = never
      await pendingTree
      if (monotonicMs() - treeReadAt >= provider.leastTreeIntervalMs) await readTree()
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

// The first readings of a provider are its dearest, and tell what the tree costs on this machine.
Promise.all([readMachine(), readTree()]).then(() => tell({ type: 'ready' }))

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
    if (nextTreeAt !== never) nextTreeAt = withinBudget(treeReadAt)
  })
}

/** Never rejects: a reading that fails is one that is missing. */
async function readMachine(): Promise<void> {
  const reading = await provider.readMachine().catch(() => undefined)
  if (reading === undefined || watching === undefined) return
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

/** Never rejects. */
async function readTree(): Promise<void> {
  const root = watching?.root ?? process.pid
  treeReadAt = monotonicMs()
  const tree = await provider.readTree(root).catch(() => undefined)
  treeCostMs = monotonicMs() - treeReadAt
  if (tree !== undefined && watching?.root === root) emitTree(tree)
}

/** When the next reading of the tree may follow on one at the given time. */
function withinBudget(at: number): number {
  return at + Math.max(provider.leastTreeIntervalMs, treeCostMs / treeBudget)
}

function emitTree({ at, processes, memoryUsedBytes }: TreeReading): void {
  if (processes.length === 0) return
  const values: Partial<Record<SampleSeries, number>> = {}
  if (memoryUsedBytes !== null) values['machine.memory_used_bytes'] = memoryUsedBytes
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
