import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Writes a file that takes its name only when it is whole and on the disk. Until then it has a name of
 * its own: two who write the same file at once do not mix.
 *
 * @throws Error of the file system, of the source, or where the signal is aborted; nothing is left
 *   behind then
 */
export async function writeWhole(
  source: Readable,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  const partial = `${path}.${randomUUID().slice(0, 8)}.partial`
  try {
    // A rename would say so as well, but only when all is written.
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
    const file = await open(partial, 'wx')
    // The stream closes the file, also where it fails.
    await pipeline(source, file.createWriteStream({ flush: true }), { signal })
    await rename(partial, path)
  } catch (error) {
    source.destroy()
    await rm(partial, { force: true }).catch(() => {})
    throw error
  }
}
