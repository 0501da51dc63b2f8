import type { LabEvent, LabReply, MethodName } from './contract.ts'

/*
 * What the web shell's socket carries: JSON texts. Replies come in any order, each with the number of
 * its request; events come once `watch` has been asked.
 */

export const socketPath = '/socket'

export interface SocketRequest {
  readonly id: number
  readonly method: MethodName
  readonly parameters: unknown
}

export type SocketMessage = ({ readonly id: number } & LabReply) | { readonly event: LabEvent }
