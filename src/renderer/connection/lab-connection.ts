import type {
  LabEvent,
  LabReply,
  MethodName,
  ParametersOf,
  ResultOf,
} from '../../shared/contract.ts'
import { LabError } from '../../shared/model/problem.ts'

/** `refused`: the lab is there, and does not know this window any more. */
export type LinkState = 'connecting' | 'open' | 'lost' | 'refused'

/** The lab, from a screen's side: the same over Electron's bridge and over a socket. */
export interface LabConnection {
  /** @throws LabError with what the lab answered, or `disconnected` */
  call<M extends MethodName>(method: M, parameters: ParametersOf<M>): Promise<ResultOf<M>>
  /** Events, from now on; after a lost connection what was missed comes first. */
  onEvent(listener: (event: LabEvent) => void): void
  onLink(listener: (state: LinkState) => void): void
}

/** @throws LabError where the reply is one */
export function resultOf<M extends MethodName>(reply: LabReply): ResultOf<M> {
  if ('error' in reply) {
    const { code, message, details } = reply.error
    throw new LabError(code, message, details)
  }
  return reply.result as ResultOf<M>
}
