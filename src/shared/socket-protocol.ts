import type { LabEvent, LabReply, MethodName } from './contract.ts'

/* How the contract is carried by the web shell's socket: JSON, one message a request, reply or event. */

export const socketPath = '/socket'

export interface SocketRequest {
  /** Chosen by who asks; the reply carries it. */
  readonly id: number
  readonly method: MethodName
  readonly parameters: unknown
}

export type SocketMessage = ({ readonly id: number } & LabReply) | { readonly event: LabEvent }
