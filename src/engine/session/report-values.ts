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
  row.put('host.rss_bytes', report.rssBytes)
  const hostCpu = share(report, before)
  if (hostCpu !== null) row.put('host.cpu_share', hostCpu)
  const { separateProcesses } = modelTraits[model]
  const treeRss = [report.rssBytes]
  const treeCpu = [hostCpu]
  let isComplete = true

  report.workers.forEach((worker, index) => {
    if (worker === null) {
      isComplete &&= !separateProcesses
      return
    }
    row.put(tasksOf(index), worker.tasks)
    const previous = before?.workers[index] ?? undefined
    const cpu = share(worker, previous)
    if (cpu !== null && !areThreadsSeen) row.put(cpuOf(index), cpu)
    const isFresh = worker.at !== previous?.at
    if (isFresh) row.put(heapOf(index), worker.heapUsedBytes)
    if (!separateProcesses || worker.rssBytes === null) return
    if (isFresh) row.put(rssOf(index), worker.rssBytes)
    treeRss.push(worker.rssBytes)
    treeCpu.push(cpu)
  })

  if (isComplete) {
    row.put(
      'tree.rss_bytes',
      treeRss.reduce((sum, bytes) => sum + bytes, 0),
    )
    const known = treeCpu.filter((cpu) => cpu !== null)
    if (known.length === treeCpu.length) {
      row.put(
        'tree.cpu_share',
        known.reduce((sum, cpu) => sum + cpu, 0),
      )
    }
  }
}

interface CpuReading {
  readonly at: number
  readonly cpuMs: number
}

function share(now: CpuReading, before: CpuReading | undefined): number | null {
  if (before === undefined || now.at <= before.at) return null
  return (now.cpuMs - before.cpuMs) / (now.at - before.at)
}
