import { LiveRun } from '../../../src/shared/live-run.ts'
import type { LiveReading } from '../../../src/shared/model/progress.ts'
import type { Configuration } from '../../../src/shared/model/run.ts'
import { exampleRun } from '../../support/example-run.ts'
import { startMadeUpLab } from '../../support/made-up-lab.ts'

/*
 * Feeds the page a made-up run of 64 cores and 64 workers, so that what the page costs can be measured
 * apart from what a run costs.
 */

const cores = 64
const workers = 64
const intervalMs = 100

function configuration(id: number, model: 'threads' | 'processes'): Configuration {
  return {
    id,
    workload: 'primes',
    parameters: { n: 1000 },
    runtime: 'node',
    interpreter: null,
    variant: null,
    content: null,
    model,
    workers,
    scheduling: 'static',
  }
}

/** The reading at a time, in ms: waves over cores and workers, so that every pixel changes. */
export function feedReading(t: number): LiveReading {
  const wave = (at: number) => 0.5 + 0.5 * Math.sin(t / 3000 + at / 5)
  return {
    t_ms: t,
    workersBusy: Array.from({ length: cores }, (_, core) => 0.8 * wave(core)),
    busy: Array.from({ length: cores }, (_, core) => wave(core)),
    treePssBytes: 2e9 + 1e9 * wave(0),
    treeUssBytes: 1.5e9 + 1e9 * wave(0),
    treeRssBytes: 3e9 + 1e9 * wave(0),
    hostRssBytes: 6e7,
    treeCpuShare: 60,
    tasksDone: Math.round(t * 5),
    tasksAt_ms: t,
    workers: Array.from({ length: workers }, (_, index) => ({
      processId: 10_000 + index,
      threadId: 0,
      state: 'working',
      tasks: Math.round((t * 5) / workers),
      cpuShare: wave(index),
      rssBytes: 5e7 + 1e7 * wave(index),
      heapUsedBytes: 1e7,
      lastCore: index % cores,
    })),
    observer: null,
  }
}

export interface Feed {
  readonly url: string
  close(): void
}

/** @param historyMs what has gone on before the page comes */
export async function startFeed(historyMs: number): Promise<Feed> {
  const both = [configuration(1, 'threads'), configuration(2, 'processes')]
  const plan = { ...exampleRun.plan, workload: 'primes', duration_s: null }
  const live = new LiveRun(
    { runId: 1, plan, configurations: both, trialsPlanned: 2, cores },
    2 * Math.ceil(historyMs / intervalMs),
  )
  const { url, tell, close } = await startMadeUpLab(live, cores)
  let t = 0
  for (const [ordinal, each] of both.entries()) {
    tell({ type: 'trial-started', ordinal, index: 0, warmUp: false, configuration: each })
    tell({ type: 'phase', name: 'work', t_ms: 300 })
    for (t = 0; t < historyMs; t += intervalMs) tell({ type: 'live', live: feedReading(t) })
    const [trial] = exampleRun.trials
    if (ordinal === 0 && trial !== undefined) {
      const ended = { ...trial, configuration_id: each.id, status: 'done' as const }
      tell({ type: 'trial-ended', trial: ended, configuration: each })
    }
  }
  const timer = setInterval(() => {
    tell({ type: 'live', live: feedReading(t) })
    t += intervalMs
  }, intervalMs)

  return {
    url,
    close() {
      clearInterval(timer)
      close()
    },
  }
}
