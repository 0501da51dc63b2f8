import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { LabService, Watcher } from '../../service/lab-service.ts'
import { errorMessage, type LabEvent, type LabReply } from '../../shared/contract.ts'
import { shown } from '../../shared/model/problem.ts'
import type { SocketMessage } from '../../shared/socket-protocol.ts'
import { RateLimit } from './rate-limit.ts'

/** What one who is let in may use up at most. */
export interface SocketLimits {
  readonly sockets: number
  /** Of one message, in bytes. */
  readonly messageBytes: number
  readonly messagesPerSecond: number
  readonly messagesAtOnce: number
  /** What has been told but not been taken, in bytes, before a peer is given up. */
  readonly waitingBytes: number
  /** How often each peer is asked whether it is still there, in ms. */
  readonly heartbeatMs: number
}

export const usualLimits: SocketLimits = {
  sockets: 32,
  messageBytes: 256 * 1024,
  messagesPerSecond: 50,
  messagesAtOnce: 200,
  waitingBytes: 16 * 1024 * 1024,
  heartbeatMs: 15_000,
}

/** How long a peer has to take its leave, in ms. */
const farewellMs = 1000

/** Codes of RFC 6455, 7.4.1, and 1013 of IANA's list. */
const codes = { goingAway: 1001, policy: 1008, tryLater: 1013 } as const
const farewell = [codes.goingAway, 'Corescope has been ended in its terminal'] as const

/**
 * The tabs that are connected. Each asks and is told by itself; one that goes away ends nothing but
 * its own connection.
 */
export class Sockets {
  readonly #service: LabService
  readonly #limits: SocketLimits
  readonly #server: WebSocketServer
  readonly #heartbeat: NodeJS.Timeout
  readonly #answering = new Set<WebSocket>()
  #told: { readonly event: LabEvent; readonly text: string } | undefined
  #isClosing = false

  constructor(service: LabService, limits: SocketLimits = usualLimits) {
    this.#service = service
    this.#limits = limits
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: limits.messageBytes,
      perMessageDeflate: false,
    })
    // Where we have been held up ourselves, the answers that have come meanwhile are heard first.
    const beat = () => void setImmediate(() => this.#beat())
    this.#heartbeat = setInterval(beat, limits.heartbeatMs).unref()
  }

  /** Takes a request to upgrade that has been found to be our page's. */
  accept(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, connection, head, (socket) => this.#serve(socket))
  }

  /** Tells all that this is the end, and waits for them, though not for long. */
  async close(): Promise<void> {
    this.#isClosing = true
    clearInterval(this.#heartbeat)
    const gone = [...this.#server.clients].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    )
    for (const socket of this.#server.clients) this.#dismiss(socket, ...farewell)
    await Promise.all(gone)
  }

  #serve(socket: WebSocket): void {
    // What is wrong with a connection ends it, and nothing else.
    socket.on('error', () => {})
    if (this.#isClosing) {
      this.#dismiss(socket, ...farewell)
      return
    }
    if (this.#server.clients.size > this.#limits.sockets) {
      const most = this.#limits.sockets
      this.#dismiss(
        socket,
        codes.tryLater,
        `${most} tabs are connected already; close one and try again`,
      )
      return
    }
    const watcher: Watcher = { tell: (event) => this.#send(socket, this.#textOf(event)) }
    const rate = new RateLimit(this.#limits.messagesPerSecond, this.#limits.messagesAtOnce)
    // One that has been told to go is heard no more.
    const isHeard = () => {
      if (socket.readyState !== socket.OPEN) return false
      if (rate.take()) return true
      this.#dismiss(socket, codes.policy, 'too many messages at once; connect again')
      return false
    }
    this.#answering.add(socket)
    socket.on('close', () => {
      this.#answering.delete(socket)
      this.#service.forget(watcher)
    })
    socket.on('pong', () => this.#answering.add(socket))
    socket.on('ping', isHeard)
    socket.on('message', (data, isBinary) => {
      if (!isHeard()) return
      this.#answering.add(socket)
      const message = requestIn(data, isBinary)
      if (typeof message === 'string') this.#dismiss(socket, codes.policy, message)
      else void this.#answer(socket, watcher, message)
    })
  }

  async #answer(socket: WebSocket, watcher: Watcher, message: NumberedMessage): Promise<void> {
    const { id } = message
    const text = textOf({ id, ...(await this.#service.answer(message, watcher)) })
    // It may have gone while it was being answered, after it had been forgotten.
    if (socket.readyState === socket.OPEN) this.#send(socket, text)
    else this.#service.forget(watcher)
  }

  /** One event goes to every tab: it is put into words once. */
  #textOf(event: LabEvent): string {
    if (this.#told?.event !== event) {
      const message: SocketMessage = { event }
      this.#told = { event, text: JSON.stringify(message) }
    }
    return this.#told.text
  }

  /** One that does not take what it is told is given up: it connects again, and catches up. */
  #send(socket: WebSocket, text: string): void {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > this.#limits.waitingBytes) socket.terminate()
    else socket.send(text)
  }

  /** @param reason at most 123 bytes, which is what a frame holds */
  #dismiss(socket: WebSocket, code: number, reason: string): void {
    socket.close(code, reason)
    const patience = setTimeout(() => socket.terminate(), farewellMs).unref()
    socket.once('close', () => clearTimeout(patience))
  }

  #beat(): void {
    for (const socket of this.#server.clients) {
      if (!this.#answering.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }
}

/** A request as the lab checks it further, and what its reply is known by. */
interface NumberedMessage {
  readonly id: number
}

/** A message that can be answered; or why not, in words that fit into a frame (123 bytes). */
function requestIn(data: RawData, isBinary: boolean): NumberedMessage | string {
  if (isBinary) return 'a message is JSON, as text'
  let message: unknown
  try {
    message = JSON.parse(String(data))
  } catch {
    return 'a message that is no JSON'
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return `${shown(message).slice(0, 30)} is no request`
  }
  const { id } = message as { id?: unknown }
  if (!Number.isSafeInteger(id) || (id as number) < 0) {
    return 'a request without a number; id: a whole number from 0'
  }
  return message as NumberedMessage
}

/** A reply in words; one that is too long for any text is an error like others. */
function textOf(reply: { readonly id: number } & LabReply): string {
  try {
    return JSON.stringify(reply)
  } catch (error) {
    return JSON.stringify({ id: reply.id, error: errorMessage(error) })
  }
}
