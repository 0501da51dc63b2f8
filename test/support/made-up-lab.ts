import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { readPage, securityHeaders } from '../../src/service/page-files.ts'
import type { LabDescription, LabEvent } from '../../src/shared/contract.ts'
import type { LiveRun } from '../../src/shared/live-run.ts'
import type { RunEvent } from '../../src/shared/model/progress.ts'
import type { SocketRequest } from '../../src/shared/socket-protocol.ts'
import { projectRoot } from '../architecture/layers.ts'
import { exampleRun } from './example-run.ts'

/**
 * A lab that is none: serves the page as the web shell does, under its policy, and shows it a made-up
 * run.
 */
export interface MadeUpLab {
  readonly url: string
  /** Goes on with the run: its watchers are told. */
  tell(event: RunEvent): void
  /** Tells them of anything else. */
  tellLab(event: LabEvent): void
  /** What the page has asked for, in order. */
  readonly asked: readonly SocketRequest[]
  close(): void
}

/** What is answered, or what finds it from what was asked. */
export type Answers = Partial<Record<SocketRequest['method'], unknown>>

/**
 * @param live what one who comes late is told; null where nothing goes on
 * @param answers to further requests, by method
 */
export async function startMadeUpLab(
  live: LiveRun | null,
  cores: number,
  answers: Answers = {},
): Promise<MadeUpLab> {
  const page = readPage(join(projectRoot, 'out/renderer'))
  const asked: SocketRequest[] = []
  const sockets = new Set<{ send(text: string): void }>()
  const known: Answers = {
    describe: { ...madeUpDescription, cores, usableCores: cores },
    runs: { total: 1, runs: [] },
    watch: null,
    ...answers,
  }
  const server = createServer((request, response) => {
    const file = page.get(new URL(request.url ?? '/', 'http://feed').pathname)
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': file?.type ?? 'text/plain',
      ...securityHeaders(["'self'"]),
    })
    response.end(file?.body)
  })
  new WebSocketServer({ server }).on('connection', (socket) => {
    socket.on('message', (data) => {
      const request = JSON.parse(String(data)) as SocketRequest
      const { id, method, parameters } = request
      const answer = known[method] ?? null
      asked.push(request)
      socket.send(
        JSON.stringify({ id, result: typeof answer === 'function' ? answer(parameters) : answer }),
      )
      if (method !== 'watch') return
      const event: LabEvent = { type: 'present', run: live?.toData() ?? null }
      socket.send(JSON.stringify({ event }))
      sockets.add(socket)
    })
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const tellLab = (event: LabEvent) => {
    for (const socket of sockets) socket.send(JSON.stringify({ event }))
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    tell(event) {
      live?.hear(event)
      tellLab({ type: 'run', event })
    },
    tellLab,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export const madeUpDescription: LabDescription = {
  version: '0',
  shell: 'web',
  hostname: 'feed',
  usableCores: 1,
  cores: 1,
  cpuModel: null,
  memoryBytes: 64e9,
  nodeVersion: '24',
  databasePath: '',
  workloads: [],
  experiments: [],
  defaultPlan: exampleRun.plan,
  samplePlans: [],
}
