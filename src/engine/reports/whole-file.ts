import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Writes a file that takes its name only when it is whole.
 *
 * @throws Error of the file system, or of the source; nothing is left behind then
 */
export async function writeWhole(source: Readable, path: string): Promise<void> {
  const partial = `${path}.partial`
  try {
    await pipeline(source, createWriteStream(partial))
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {})
    throw error
  }
}
