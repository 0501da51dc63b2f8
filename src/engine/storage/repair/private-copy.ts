import { type BigIntStats, constants } from 'node:fs'
import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { LabError } from '../../../shared/model/problem.ts'

/** A database with all that belongs to it, in a folder of its own. */
export interface PrivateCopy {
  readonly path: string
  remove(): Promise<void>
}

/** The database itself, and the files in which SQLite keeps what is not yet in it. */
const parts = ['', '-wal', '-journal'] as const

const attempts = 5
const pauseMs = 200

/**
 * Copies a database with what is not yet in it. The original is read and nothing else: opened by
 * SQLite, its WAL would be written into it.
 *
 * @param folder where the copy's own folder is made
 * @throws LabError `busy`, where it is written to all the while; an Error of the file system
 */
export async function copyPrivately(path: string, folder: string): Promise<PrivateCopy> {
  const own = await mkdtemp(join(folder, '.corescope-repair-'))
  const copy = {
    path: join(own, 'copy.db'),
    remove: () => rm(own, { recursive: true, force: true, maxRetries: 5 }),
  }
  try {
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (attempt > 0) await setTimeout(pauseMs)
      const before = await signature(path)
      for (const part of parts) await copyPart(path + part, copy.path + part)
      if ((await signature(path)) === before) return copy
    }
    throw new LabError(
      'busy',
      `${path} is being written to; wait for the run to end, or stop it, and try again`,
    )
  } catch (error) {
    await copy.remove()
    throw error
  }
}

async function copyPart(from: string, to: string): Promise<void> {
  await rm(to, { force: true })
  await copyFile(from, to, constants.COPYFILE_FICLONE).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

/** Tells whether any of the files has been written to. */
async function signature(path: string): Promise<string> {
  const found = await Promise.all(
    parts.map((part) =>
      stat(path + part, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
        return null
      }),
    ),
  )
  return found
    .map((each: BigIntStats | null) => `${each?.ino} ${each?.size} ${each?.mtimeNs}`)
    .join()
}
