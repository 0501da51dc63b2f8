import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Reaper } from '../execution/reaper.ts'

/** A folder of one trial's own. */
export interface PrivateFolder {
  readonly path: string
  /** One that resists is left to the reaper, which tries once more at the end. */
  remove(): Promise<void>
}

const removal = { recursive: true, force: true, maxRetries: 5 } as const

/** @throws Error in words, where none can be made */
export async function makePrivateFolder(reaper: Reaper): Promise<PrivateFolder> {
  const path = await mkdtemp(join(tmpdir(), 'corescope-')).catch((error: Error) => {
    throw new Error(`no private folder can be made in ${tmpdir()}: ${error.message}`)
  })
  const forget = reaper.watchFolder(path)
  return { path, remove: () => rm(path, removal).then(forget, () => {}) }
}
