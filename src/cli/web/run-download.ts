import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Lab } from '../../engine/lab.ts'
import { exportFileName, type LabService } from '../../service/lab-service.ts'
import {
  type ExportRequest,
  errorMessage,
  exportForms,
  parseRequest,
} from '../../shared/contract.ts'
import { LabError } from '../../shared/model/problem.ts'

/** What is told where a download cannot be given. */
export interface DownloadProblem {
  readonly status: number
  readonly title: string
  readonly paragraphs: readonly string[]
}

/** Where an export is to be had: of a run, or of compared sides, each a run and perhaps its configuration. */
export function downloadPath({ of, form, chart, theme }: ExportRequest): string {
  const query = new URLSearchParams()
  if (chart !== undefined) query.set('chart', chart)
  if (theme !== 'light') query.set('theme', theme)
  if ('sides' in of && of.across_machines) query.set('across_machines', 'true')
  const what =
    'run' in of
      ? of.run
      : `compare/${of.sides.map(({ run, configuration }) => (configuration === null ? run : `${run}.${configuration}`)).join(',')}`
  return `/export/${what}/${form}${query.size === 0 ? '' : `?${query}`}`
}

/** The export that an address stands for; null where it is none. */
export function downloadIn(path: string, query = ''): ExportRequest | null {
  const [, id, sides, name] =
    /^\/export\/(?:([1-9]\d{0,14})|compare\/([\d.,]{1,400}))\/([a-z.]+)$/.exec(path) ?? []
  const form = exportForms.find((each) => each === name)
  const of = id === undefined ? sidesIn(sides ?? '') : { run: Number(id) }
  if (form === undefined || of === null) return null
  const { across_machines, ...given } = Object.fromEntries(new URLSearchParams(query))
  const machines = 'run' in of ? {} : { across_machines: across_machines === 'true' }
  try {
    const parameters = { ...given, of: { ...of, ...machines }, form }
    return parseRequest({ method: 'export', parameters }).parameters as ExportRequest
  } catch {
    return null
  }
}

function sidesIn(text: string) {
  const sides = text.split(',').map((each) => {
    const [, run, configuration] = /^([1-9]\d{0,14})(?:\.([1-9]\d{0,14}))?$/.exec(each) ?? []
    return run === undefined
      ? null
      : {
          run: Number(run),
          configuration: configuration === undefined ? null : Number(configuration),
        }
  })
  return sides.includes(null) ? null : { sides }
}

const types: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
}

/**
 * Streams an export. What goes wrong on the way breaks the connection off, so that the browser sees
 * a download that has failed and no shorter file.
 *
 * @returns what went wrong; null where nothing did, or somebody has broken off
 */
export async function sendExport(
  { lab, service }: { readonly lab: Lab; readonly service: LabService },
  wanted: ExportRequest,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): Promise<DownloadProblem | null> {
  const name = exportFileName(wanted)
  const writing = service.exports.begin(name)
  try {
    const isHead = request.method === 'HEAD'
    if ('run' in wanted.of && isHead) await lab.saved.run(wanted.of.run)
    const stream = isHead ? null : await lab.exchange.export(wanted, writing.listener)
    response.writeHead(200, {
      ...headers,
      'content-type': types[wanted.form.split('.')[1] as string] as string,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    })
    if (stream === null) response.end()
    else await pipeline(stream, response)
    writing.end('done')
    return null
  } catch (error) {
    if (writing.listener.signal.aborted) {
      writing.end('cancelled')
      response.destroy()
      return null
    }
    if ((error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') {
      writing.end('cancelled')
      return null
    }
    writing.end('failed')
    return problemOf(error, wanted)
  }
}

function problemOf(error: unknown, { of }: ExportRequest): DownloadProblem {
  const code = error instanceof LabError ? error.code : 'internal'
  if (code === 'not-found' && 'run' in of) {
    return {
      status: 404,
      title: 'This run is gone',
      paragraphs: [`Run ${of.run} has been deleted, here or in another window.`],
    }
  }
  return {
    status: code === 'not-found' ? 404 : code === 'bad-input' ? 400 : 500,
    title:
      'run' in of ? `Run ${of.run} could not be exported` : 'This comparison could not be exported',
    paragraphs: [errorMessage(error).message],
  }
}
