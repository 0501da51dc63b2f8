import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A file that is to be, and what is written to it. */
export interface NewFile {
  readonly path: string
  readonly source: Readable
}

/**
 * Writes a file that takes its name only when it is whole and on the disk. Until then it has a name of
 * its own: two who write the same file at once do not mix.
 *
 * @throws Error of the file system, of the source, or where the signal is aborted; nothing is left
 *   behind then
 */
export function writeWhole(source: Readable, path: string, signal?: AbortSignal): Promise<void> {
  return writeAllWhole([() => ({ path, source })], signal)
}

/**
 * The same for files that belong together: one after the other is written, and they take their names
 * when the last is whole, so that no set is left of which some are new and some of before.
 *
 * @param files each is opened when its turn comes
 */
export async function writeAllWhole(
  files: readonly (() => NewFile)[],
  signal?: AbortSignal,
): Promise<void> {
  const written: { readonly partial: string; readonly path: string }[] = []
  try {
    for (const begin of files) {
      const { path, source } = begin()
      const partial = `${path}.${randomUUID().slice(0, 8)}.partial`
      written.push({ partial, path })
      await writePartial(source, path, partial, signal)
    }
    for (const { partial, path } of written) await rename(partial, path)
  } catch (error) {
    for (const { partial } of written) await rm(partial, { force: true }).catch(() => {})
    throw error
  }
}

async function writePartial(
  source: Readable,
  path: string,
  partial: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    // A rename would say so as well, but only when all is written.
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
    const file = await open(partial, 'wx')
    // The stream closes the file, also where it fails.
    await pipeline(source, file.createWriteStream({ flush: true }), { signal })
  } catch (error) {
    source.destroy()
    throw error
  }
}
