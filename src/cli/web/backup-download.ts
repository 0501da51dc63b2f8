import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Lab } from '../../engine/lab.ts'
import { backupFileName } from '../../service/lab-service.ts'
import { errorMessage } from '../../shared/contract.ts'
import { LabError } from '../../shared/model/problem.ts'
import type { DownloadProblem } from './run-download.ts'

/** Where a browser has a copy of the database from. */
export const backupPath = '/backup'

/**
 * Streams a copy of the database, which is made for this one download in a folder that nobody else can
 * read, and removed afterwards.
 *
 * @returns what went wrong; null where nothing did, or the browser has broken off by itself
 */
export async function sendBackup(
  lab: Lab,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): Promise<DownloadProblem | null> {
  const brokenOff = new AbortController()
  response.once('close', () => brokenOff.abort())
  let folder: string | null = null
  try {
    const described = {
      ...headers,
      'content-type': 'application/vnd.sqlite3',
      'content-disposition': `attachment; filename="${backupFileName(new Date())}"`,
      'cache-control': 'no-store',
    }
    if (request.method === 'HEAD') {
      response.writeHead(200, described).end()
      return null
    }
    folder = await mkdtemp(join(tmpdir(), 'corescope-backup-'))
    const copy = join(folder, 'backup.db')
    await lab.library.backup(copy, { signal: brokenOff.signal })
    response.writeHead(200, { ...described, 'content-length': (await stat(copy)).size })
    await pipeline(createReadStream(copy), response)
    return null
  } catch (error) {
    if (brokenOff.signal.aborted) return null
    const isMissing = error instanceof LabError && error.code === 'not-found'
    return {
      status: isMissing ? 404 : 500,
      title: isMissing ? 'There is nothing to back up yet' : 'The backup could not be made',
      paragraphs: [errorMessage(error).message],
    }
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}
