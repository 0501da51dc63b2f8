import { type Model, modelTraits } from '../../shared/model/execution-model.ts'
import type {
  LiveReading,
  LiveWorker,
  ObserverShares,
  WorkerState,
} from '../../shared/model/progress.ts'
import { leastShareMs, type SampleStream, type SeriesParts } from '../../shared/model/sample.ts'
import { partsOf, type TimedRow } from '../../shared/sample-row.ts'

type Draft<T> = { -readonly [K in keyof T]: T[K] }

/**
 * The latest of each figure of one trial, from its samples as they come. Each of their streams has its
 * own pace: at any instant some figures are older than others, by an interval at most.
 */
export class ReadingBuilder {
  readonly #separateProcesses: boolean
  readonly #busy: (number | null)[] = []
  readonly #workersBusy: (number | null)[] = []
  readonly #workers: Draft<LiveWorker>[]
  #t = 0
  #tasksAt: number | null = null
  #treeRss: number | null = null
  #treePss: number | null = null
  #treeUss: number | null = null
  #hostRss: number | null = null
  #treeCpu: number | null = null
  #hasNew = false

  constructor(model: Model, workers: number) {
    this.#separateProcesses = modelTraits[model].separateProcesses
    this.#workers = Array.from({ length: workers }, () => ({
      processId: null,
      threadId: null,
      state: 'starting',
      tasks: 0,
      cpuShare: null,
      rssBytes: null,
      heapUsedBytes: null,
      lastCore: null,
    }))
  }

  /** Whether something has come since a reading was last taken. */
  get hasNew(): boolean {
    return this.#hasNew
  }

  identify(workers: readonly { readonly processId: number; readonly threadId: number }[]): void {
    workers.forEach((identity, index) => {
      const worker = this.#workers[index]
      if (worker === undefined) return
      worker.processId = identity.processId
      worker.threadId = identity.threadId
    })
  }

  /** @param worker its number; all of them without it */
  setState(state: WorkerState, worker?: number): void {
    const those = worker === undefined ? this.#workers : [this.#workers[worker]]
    for (const each of those) if (each !== undefined) each.state = state
  }

  /** @param sample its time from the start of the trial */
  add(sample: TimedRow & { readonly stream: SampleStream }): void {
    const { t_ms, dt_ms, stream, values } = sample
    this.#hasNew = true
    this.#t = Math.max(this.#t, t_ms)
    if (stream === 'reports') this.#tasksAt = t_ms
    let isFirstProcess = stream === 'processes'
    const parts = partsOf(sample)
    for (let at = 0; at < parts.length; at++) {
      const { subject, number, variable } = parts[at] as SeriesParts
      const value = values[at] as number
      // The tree is listed from its root, which is the host, whether or not that was read this time.
      const isHost = isFirstProcess && subject === 'process' && variable === 'rss_bytes'
      if (isHost) isFirstProcess = false
      if (Number.isNaN(value)) continue
      if (variable === 'cpu_share' && dt_ms < leastShareMs) continue
      switch (subject) {
        case 'core':
          if (variable === 'busy') this.#busy[number as number] = value
          else this.#workersBusy[number as number] = value
          continue
        case 'tree':
          if (variable === 'rss_bytes') this.#treeRss = value
          else if (variable === 'pss_bytes') this.#treePss = value
          else if (variable === 'uss_bytes') this.#treeUss = value
          else if (variable === 'cpu_share') this.#treeCpu = value
          continue
        case 'host':
          if (variable === 'rss_bytes') this.#hostRss = value
          continue
        case 'process':
          if (isHost) this.#hostRss = value
          continue
        case 'worker':
          this.#addOfWorker(number as number, variable, value)
      }
    }
  }

  #addOfWorker(index: number, variable: string, value: number): void {
    const worker = this.#workers[index]
    if (worker === undefined) return
    if (variable === 'tasks_done') worker.tasks = value
    else if (variable === 'cpu_share') worker.cpuShare = value
    else if (variable === 'rss_bytes') worker.rssBytes = value
    else if (variable === 'heap_used_bytes') worker.heapUsedBytes = value
    else if (variable === 'last_core') worker.lastCore = value
  }

  /** Of the tree's and the host's memory the larger is told as the tree's: they are read apart. */
  take(observer: ObserverShares | null): LiveReading {
    this.#hasNew = false
    const host = this.#hostRss
    const tree = this.#separateProcesses ? this.#treeRss : (this.#treeRss ?? host)
    return {
      t_ms: this.#t,
      busy: [...this.#busy],
      workersBusy: [...this.#workersBusy],
      treeRssBytes: tree === null || host === null ? tree : Math.max(tree, host),
      treePssBytes: this.#treePss,
      treeUssBytes: this.#treeUss,
      hostRssBytes: host,
      treeCpuShare: this.#treeCpu,
      tasksDone: this.#workers.reduce((sum, { tasks }) => sum + tasks, 0),
      tasksAt_ms: this.#tasksAt,
      workers: this.#workers.map((worker) => ({ ...worker })),
      observer,
    }
  }
}
