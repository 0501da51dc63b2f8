import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A file to be written, and what is read for it once its turn has come. */
export interface FileToWrite {
  readonly path: string
  readonly source: () => Readable
}

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
  try {
    await writeAllWhole([{ path, source: () => source }], signal)
  } catch (error) {
    source.destroy()
    throw error
  }
}

/** The same for files that belong together: none of them takes its name before all are whole. */
export async function writeAllWhole(
  files: readonly FileToWrite[],
  signal?: AbortSignal,
): Promise<void> {
  const all = files.map((each) => ({
    ...each,
    partial: `${each.path}.${randomUUID().slice(0, 8)}.partial`,
  }))
  try {
    for (const { path, source, partial } of all) {
      // A rename would say so as well, but only when all is written.
      const found = await stat(path).catch(() => null)
      if (found?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
      const file = await open(partial, 'wx')
      // The stream closes the file, also where it fails.
      await pipeline(source(), file.createWriteStream({ flush: true }), { signal })
    }
    for (const { path, partial } of all) await rename(partial, path)
  } catch (error) {
    for (const { partial } of all) await rm(partial, { force: true }).catch(() => {})
    throw error
  }
}
