import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { readPage } from '../../../src/service/page-files.ts'
import type { LabDescription, LabEvent } from '../../../src/shared/contract.ts'
import { LiveRun } from '../../../src/shared/live-run.ts'
import type { LiveReading, RunEvent } from '../../../src/shared/model/progress.ts'
import type { Configuration } from '../../../src/shared/model/run.ts'
import type { SocketRequest } from '../../../src/shared/socket-protocol.ts'
import { projectRoot } from '../../architecture/layers.ts'
import { exampleRun } from '../../support/example-run.ts'

/*
 * A lab that is none: serves the page, and feeds it a made-up run of 64 cores and 64 workers, so that
 * what the page costs can be measured apart from what a run costs.
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
  const page = readPage(join(projectRoot, 'out/renderer'))
  const both = [configuration(1, 'threads'), configuration(2, 'processes')]
  const plan = { ...exampleRun.plan, workload: 'primes', duration_s: null }
  const live = new LiveRun(
    { runId: 1, plan, configurations: both, trialsPlanned: 2, cores },
    2 * Math.ceil(historyMs / intervalMs),
  )
  const sockets = new Set<{ send(text: string): void }>()
  const tell = (event: RunEvent) => {
    live.hear(event)
    const text = JSON.stringify({ event: { type: 'run', event } satisfies LabEvent })
    for (const socket of sockets) socket.send(text)
  }
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

  const answers: Partial<Record<SocketRequest['method'], unknown>> = {
    describe: description,
    runs: { total: 1, runs: [] },
    watch: null,
  }
  const server = createServer((request, response) => {
    const file = page.get(new URL(request.url ?? '/', 'http://feed').pathname)
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': file?.type ?? 'text/plain',
    })
    response.end(file?.body)
  })
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('message', (data) => {
      const { id, method } = JSON.parse(String(data)) as SocketRequest
      socket.send(JSON.stringify({ id, result: answers[method] ?? null }))
      if (method !== 'watch') return
      const event: LabEvent = { type: 'present', run: live.toData() }
      socket.send(JSON.stringify({ event }))
      sockets.add(socket)
    })
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      clearInterval(timer)
      server.closeAllConnections()
      server.close()
    },
  }
}

const description: LabDescription = {
  version: '0',
  shell: 'web',
  hostname: 'feed',
  usableCores: cores,
  cores,
  cpuModel: null,
  memoryBytes: 64e9,
  nodeVersion: '24',
  databasePath: '',
  workloads: [],
  defaultPlan: exampleRun.plan,
  samplePlans: [],
}
