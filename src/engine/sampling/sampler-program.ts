import { parentPort } from 'node:worker_threads'
import type { SampleSeries } from '../../shared/model/sample.ts'
import { monotonicMs } from '../clock.ts'
import type { MachineReading, TreeReading } from './provider.ts'
import type { LabToSampler, RawSample, SamplerToLab } from './sampler-messages.ts'
import { systeminformationProvider } from './systeminformation-provider.ts'

/* The sampler's thread: reads at a steady pace while a trial runs, and nothing between trials. */

/** Share of the time that listing processes may take: it costs a core some 100 ms a time. */
const treeBudget = 0.05

const provider = systeminformationProvider()
const tell = (message: SamplerToLab) => parentPort?.postMessage(message)

let watching: { root: number; intervalMs: number } | undefined
let timer: NodeJS.Timeout | undefined
let previous: MachineReading | undefined
let previousTreeAt: number | undefined
let mayList = false
let nextTreeAt = 0
let pendingTree: Promise<void> | undefined
let pendingMachine: Promise<void> | undefined

parentPort?.on('message', async (message: LabToSampler) => {
  switch (message.type) {
    case 'watch':
      watching = message
      previous = undefined
      previousTreeAt = undefined
      mayList = false
      tick(monotonicMs())
      return
    case 'mark':
      tell({ type: 'marked', ticket: message.ticket, reading: await provider.readMachine() })
      return
    case 'list-processes':
      mayList = message.allowed
      return
    case 'rest':
      clearTimeout(timer)
      watching = undefined
      await pendingMachine
      tell({ type: 'resting', ticket: message.ticket })
  }
})

// The first reading of a provider is its dearest: pay it before a trial is watched.
provider.readMachine().then(() => tell({ type: 'ready', provider: provider.name }))

function tick(due: number): void {
  const { intervalMs } = watching ?? { intervalMs: 0 }
  // The pace is kept by the clock, so that one late reading does not make all that follow late.
  const now = monotonicMs()
  const next = due + intervalMs * Math.max(1, Math.ceil((now - due) / intervalMs))
  timer = setTimeout(tick, next - now, next)
  readTreeWhenAffordable()
  pendingMachine ??= readMachine().finally(() => {
    pendingMachine = undefined
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

function readTreeWhenAffordable(): void {
  if (watching === undefined || !mayList || pendingTree !== undefined) return
  if (monotonicMs() < nextTreeAt) return
  const { root } = watching
  const begun = monotonicMs()
  pendingTree = provider
    .readTree(root)
    .then((tree) => {
      if (watching?.root === root) emitTree(tree)
    })
    .catch(() => {})
    .finally(() => {
      pendingTree = undefined
      const cost = monotonicMs() - begun
      nextTreeAt = begun + Math.max(provider.leastTreeIntervalMs, cost / treeBudget)
    })
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
  emit({
    stream: 'processes',
    at,
    dt_ms: previousTreeAt === undefined ? 0 : at - previousTreeAt,
    values,
  })
  previousTreeAt = at
}

function emit(sample: RawSample): void {
  tell({ type: 'sample', sample })
}
