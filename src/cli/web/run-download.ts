import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Lab } from '../../engine/lab.ts'
import { exportFileName } from '../../service/lab-service.ts'
import { type ExportForm, errorMessage, exportForms } from '../../shared/contract.ts'
import { LabError } from '../../shared/model/problem.ts'

/** A saved run in one of its forms. */
export interface Download {
  readonly id: number
  readonly form: ExportForm
}

/** What is told where a download cannot be given. */
export interface DownloadProblem {
  readonly status: number
  readonly title: string
  readonly paragraphs: readonly string[]
}

export function downloadPath({ id, form }: Download): string {
  return `/export/${id}/${form}`
}

/** The download that a path stands for; null where it is none. */
export function downloadIn(path: string): Download | null {
  const [, id, name] = /^\/export\/([1-9]\d{0,14})\/([a-z.]+)$/.exec(path) ?? []
  const form = exportForms.find((each) => each === name)
  return form === undefined ? null : { id: Number(id), form }
}

/**
 * Streams a saved run. What goes wrong on the way breaks the connection off, so that the browser sees
 * a download that has failed and no shorter file.
 *
 * @returns what went wrong; null where nothing did, or the browser has broken off by itself
 */
export async function sendRun(
  lab: Lab,
  download: Download,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): Promise<DownloadProblem | null> {
  const { id, form } = download
  try {
    const isHead = request.method === 'HEAD'
    const stream = isHead
      ? null
      : await lab.exchange.export({ of: { run: id }, form, theme: 'light' })
    if (stream === null) await lab.saved.run(id)
    const isJson = form.endsWith('.json')
    response.writeHead(200, {
      ...headers,
      'content-type': isJson ? 'application/json; charset=utf-8' : 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${exportFileName({ of: { run: id }, form })}"`,
      'cache-control': 'no-store',
    })
    if (stream === null) response.end()
    else await pipeline(stream, response)
    return null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return null
    const isGone = error instanceof LabError && error.code === 'not-found'
    return {
      status: isGone ? 404 : 500,
      title: isGone ? 'This run is gone' : `Run ${id} could not be exported`,
      paragraphs: isGone
        ? [`Run ${id} has been deleted, here or in another window.`]
        : [errorMessage(error).message],
    }
  }
}
