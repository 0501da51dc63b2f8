import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LabService } from '../../service/lab-service.ts'
import { errorMessage } from '../../shared/contract.ts'
import { LabError } from '../../shared/model/problem.ts'

/**
 * Takes a run's JSON that our own page sends, as it comes in, and answers with what became of it: the
 * outcome, or `{ error }`. What is not wanted any more is read to its end and thrown away, or the browser
 * would tell of a broken connection instead.
 */
export async function takeRun(
  service: LabService,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const answer = (status: number, body: object) => {
    response.writeHead(status, {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    response.end(JSON.stringify(body))
  }
  try {
    answer(200, await service.import(piecesOf(request), 'the file'))
  } catch (error) {
    // Who has broken off hears nothing.
    if (request.destroyed && !request.complete) return
    request.resume()
    const isInput = error instanceof LabError && error.code === 'bad-input'
    answer(isInput ? 400 : 500, { error: errorMessage(error) })
  }
}

/** What comes in, without ending the connection where no more of it is wanted. */
function piecesOf(request: IncomingMessage): AsyncIterable<unknown> {
  return { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) }
}
