import type { ChildProcess } from 'node:child_process'
import { request } from 'node:http'
import { WebSocket } from 'ws'
import type { LabEvent, LabReply, MethodName, ResultOf } from '../../src/shared/contract.ts'
import { LiveRun } from '../../src/shared/live-run.ts'
import { type SocketMessage, socketPath } from '../../src/shared/socket-protocol.ts'
import { type Started, startIn } from './command.ts'
import { until } from './scratch.ts'

/** A plan that takes a second or two. */
export const quickPlan = {
  workload: 'primes',
  parameters: { n: 2000 },
  duration_s: 0.3,
  repeat: 1,
  warmup: 0,
}

/** A plan whose first trial nobody here sees the end of. */
export const endlessPlan = {
  workload: 'primes',
  parameters: { n: 20_000_000 },
  tasks: 1000,
  repeat: 1,
  warmup: 0,
  interval_ms: 50,
}

export interface Served extends Started {
  /** The link that it printed. */
  readonly link: string
  readonly port: number
}

/** Starts the web shell on a free port, and waits for its link. */
export async function serve(database: string, ...flags: readonly string[]): Promise<Served> {
  return serveIn({}, database, '--port', '0', ...flags)
}

export async function serveIn(
  environment: Readonly<Record<string, string>>,
  database: string,
  ...flags: readonly string[]
): Promise<Served> {
  const started = startIn(environment, database, 'serve', ...flags)
  running.add(started.child)
  started.child.once('exit', () => running.delete(started.child))
  return { ...started, ...(await linkFrom(started)) }
}

const running = new Set<ChildProcess>()

/** Ends what a test that has failed left behind. */
export function endServed(): void {
  for (const child of running) child.kill()
}

/** The link that a web shell prints first. */
export async function linkFrom({
  child,
}: Pick<Started, 'child'>): Promise<{ link: string; port: number }> {
  const link = await new Promise<string>((resolve, reject) => {
    let printed = ''
    child.stdout?.on('data', (part: string) => {
      printed += part
      const end = printed.indexOf('\n')
      if (end >= 0) resolve(printed.slice(0, end))
    })
    child.once('exit', (code) => reject(new Error(`no link was printed; code ${code}`)))
  })
  return { link, port: Number(new URL(link).port) }
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
}

/** Asks with exactly these headers, and exactly this path. */
export function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false })
    asked.on('error', reject)
    asked.on('upgrade', (response) => {
      response.socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: '' })
    })
    asked.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('error', reject)
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    asked.end()
  })
}

/** Opens the link, as a browser does, and keeps the cookie. */
export async function enter({ link, port }: Pick<Served, 'link' | 'port'>): Promise<string> {
  const { headers } = await ask(port, link.slice(link.indexOf('/?')))
  const [cookie] = headers['set-cookie'] as readonly string[]
  return (cookie as string).split(';')[0] as string
}

/** A tab: it asks, hears, and knows the run as the page does. */
export class Tab {
  readonly socket: WebSocket
  readonly events: LabEvent[] = []
  live: LiveRun | null = null
  /** How the connection ended. */
  ended: { readonly code: number; readonly reason: string } | null = null
  readonly #waiting = new Map<number, (reply: LabReply) => void>()
  #asked = 0

  constructor(port: number, headers: Readonly<Record<string, string>>) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${socketPath}`, { headers })
    this.socket.on('error', () => {})
    this.socket.on('close', (code, reason) => {
      this.ended = { code, reason: String(reason) }
    })
    this.socket.on('message', (data) => this.#take(JSON.parse(String(data)) as SocketMessage))
  }

  static async open(port: number, cookie: string): Promise<Tab> {
    const tab = new Tab(port, { cookie, origin: `http://127.0.0.1:${port}` })
    await until('the socket is open', () => tab.socket.readyState !== WebSocket.CONNECTING)
    return tab
  }

  reply(method: MethodName, parameters: unknown = {}): Promise<LabReply> {
    const id = this.#asked++
    this.socket.send(JSON.stringify({ id, method, parameters }))
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  /** @throws Error where the answer is one */
  async ask<M extends MethodName>(method: M, parameters: unknown = {}): Promise<ResultOf<M>> {
    const reply = await this.reply(method, parameters)
    if ('error' in reply) throw new Error(reply.error.message)
    return reply.result as ResultOf<M>
  }

  /** Waits for the end of a run. */
  async runEnded(): Promise<LiveRun> {
    await until('the run has ended', () => (this.live?.run ?? null) !== null, 40_000)
    return this.live as LiveRun
  }

  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    await until('the socket is closed', () => this.ended !== null)
    return this.ended as { code: number; reason: string }
  }

  #take(message: SocketMessage): void {
    if ('id' in message) {
      const { id, ...reply } = message
      this.#waiting.get(id)?.(reply as LabReply)
      this.#waiting.delete(id)
      return
    }
    const { event } = message
    this.events.push(event)
    if (event.type === 'present') {
      this.live = event.run === null ? null : LiveRun.from(event.run, 2048)
    } else if (event.type === 'run') {
      this.live?.hear(event.event)
    }
  }
}
