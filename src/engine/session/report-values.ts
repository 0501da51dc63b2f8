import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import { seriesNames } from '../../shared/model/sample.ts'
import type { RowBuilder } from '../../shared/sample-row.ts'
import type { HostReport } from '../execution/protocol.ts'

const tasksOf = seriesNames('worker', 'tasks_done')
const cpuOf = seriesNames('worker', 'cpu_share')
const heapOf = seriesNames('worker', 'heap_used_bytes')
const rssOf = seriesNames('worker', 'rss_bytes')

/**
 * Puts a report into a row. The memory and CPU time of threads are in their host's; those of processes are
 * apart. A worker that has not reported since has no CPU share, and then neither has a tree of
 * processes; its resident set is the last it told.
 *
 * @param areThreadsSeen whether the sampler tells the workers' CPU shares: it does so at each interval
 */
export function putReport(
  row: RowBuilder,
  report: HostReport,
  before: HostReport | undefined,
  { model, areThreadsSeen }: { readonly model: Model; readonly areThreadsSeen: boolean },
): void {
  if (report.rssBytes !== null) row.put('host.rss_bytes', report.rssBytes)
  const hostCpu = share(report, before)
  if (hostCpu !== null) row.put('host.cpu_share', hostCpu)
  const { separateProcesses } = modelTraits[model]
  const { workers } = report
  let treeRss = report.rssBytes
  let treeCpu = hostCpu
  let isComplete = true

  workers.at.forEach((at, index) => {
    if (at === null) {
      isComplete &&= !separateProcesses
      return
    }
    row.put(tasksOf(index), workers.tasks[index] as number)
    const previousAt = before?.workers.at[index] ?? null
    const cpu = share(readingAt(report, index), before && readingAt(before, index))
    if (cpu !== null && !areThreadsSeen) row.put(cpuOf(index), cpu)
    const isFresh = at !== previousAt
    const heap = workers.heapUsedBytes[index] ?? null
    if (isFresh && heap !== null) row.put(heapOf(index), heap)
    const rss = workers.rssBytes[index] ?? null
    if (!separateProcesses) return
    // Of workers that are threads of one process its first tells its memory.
    if (isFresh && rss !== null) row.put(rssOf(index), rss)
    if (treeRss !== null) treeRss += rss ?? 0
    treeCpu = treeCpu === null || cpu === null ? null : treeCpu + cpu
  })

  if (!isComplete) return
  if (treeRss !== null) row.put('tree.rss_bytes', treeRss)
  if (treeCpu !== null) row.put('tree.cpu_share', treeCpu)
}

interface CpuReading {
  readonly at: number | null
  readonly cpuMs: number
}

function readingAt({ workers }: HostReport, index: number): CpuReading {
  return { at: workers.at[index] ?? null, cpuMs: workers.cpuMs[index] ?? 0 }
}

function share(now: CpuReading, before: CpuReading | undefined): number | null {
  if (now.at === null || before === undefined || before.at === null || now.at <= before.at) {
    return null
  }
  return (now.cpuMs - before.cpuMs) / (now.at - before.at)
}
