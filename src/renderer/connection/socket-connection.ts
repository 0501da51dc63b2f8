import type {
  LabEvent,
  LabReply,
  MethodName,
  ParametersOf,
  ResultOf,
} from '../../shared/contract.ts'
import { LabError } from '../../shared/model/problem.ts'
import { type SocketMessage, type SocketRequest, socketPath } from '../../shared/socket-protocol.ts'
import { type LabConnection, type LinkState, resultOf } from './lab-connection.ts'

/** Waits between two attempts to connect, in ms; the last one again and again. */
const waits = [250, 500, 1000, 2000, 4000]

/**
 * The lab behind the web shell. A lost connection is made again; the lab then begins with what is
 * known of the present run, so that nothing is missing.
 */
export function socketConnection(origin: string): LabConnection {
  const url = `${origin.replace(/^http/, 'ws')}${socketPath}`
  const waiting = new Map<number, { settle(reply: LabReply): void }>()
  const eventListeners: ((event: LabEvent) => void)[] = []
  const linkListeners: ((state: LinkState) => void)[] = []
  let link: LinkState = 'connecting'
  let socket: WebSocket
  let opened = Promise.withResolvers<void>()
  let attempts = 0
  let nextId = 1

  const setLink = (state: LinkState) => {
    link = state
    for (const listener of linkListeners) listener(state)
  }
  const send = (method: MethodName, parameters: unknown): Promise<LabReply> => {
    const request: SocketRequest = { id: nextId++, method, parameters }
    return new Promise((settle) => {
      waiting.set(request.id, { settle })
      socket.send(JSON.stringify(request))
    })
  }
  const connect = () => {
    socket = new WebSocket(url)
    socket.onopen = () => {
      attempts = 0
      opened.resolve()
      setLink('open')
      void send('watch', {})
    }
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as SocketMessage
      if ('event' in message) {
        for (const listener of eventListeners) listener(message.event)
        return
      }
      waiting.get(message.id)?.settle(message)
      waiting.delete(message.id)
    }
    socket.onclose = () => {
      if (link === 'open') opened = Promise.withResolvers<void>()
      setLink(link === 'refused' ? 'refused' : 'lost')
      void isRefused(origin).then((refused) => {
        if (link !== 'open') setLink(refused ? 'refused' : 'lost')
      })
      for (const { settle } of waiting.values()) settle({ error: lostError })
      waiting.clear()
      setTimeout(connect, waits[Math.min(attempts++, waits.length - 1)])
    }
  }
  connect()

  return {
    async call<M extends MethodName>(method: M, parameters: ParametersOf<M>): Promise<ResultOf<M>> {
      if (link === 'lost' || link === 'refused')
        throw new LabError(lostError.code, lostError.message)
      await opened.promise
      return resultOf<M>(await send(method, parameters))
    },
    onEvent: (listener) => void eventListeners.push(listener),
    onLink(listener) {
      linkListeners.push(listener)
      listener(link)
    },
  }
}

/** A socket is not told why it was closed: whether it was refused, a page is told. */
async function isRefused(origin: string): Promise<boolean> {
  const answer = await fetch(origin, { method: 'HEAD', cache: 'no-store' }).catch(() => null)
  return answer?.status === 401
}

const lostError = {
  code: 'disconnected',
  message: 'the lab cannot be reached; is “corescope serve” still running?',
  details: [],
} as const
