import type { LabEvent, LabReply, LabRequest } from './contract.ts'

/*
 * How the desktop's page and its main process find each other. Apart from the contract, so that the
 * preload script, which wants nothing but these names, carries no schemas along.
 */

/** Names of Electron's channels. */
export const channels = { request: 'corescope:request', event: 'corescope:event' } as const

/** Name under which the preload script puts the bridge into the page. */
export const bridgeName = 'corescope'

/** What the preload script puts into the page. */
export interface Bridge {
  /** Never rejects: an error is an answer. */
  request(message: LabRequest): Promise<LabReply>
  onEvent(listener: (event: LabEvent) => void): void
}
