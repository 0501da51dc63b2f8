import { Worker } from 'node:worker_threads'
import type { ParameterValues } from '../../shared/model/workload.ts'

export interface ExpectationRequest {
  readonly workload: string
  readonly parameters: ParameterValues
  readonly seed: number
}

/**
 * The checksums that a workload's tasks must return, found another way, off the app's own thread.
 *
 * @throws Error where that takes longer than `withinMs`, or the signal is aborted
 */
export async function findExpected(
  program: string,
  request: ExpectationRequest,
  signal: AbortSignal,
  withinMs: number,
): Promise<readonly number[] | null> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData: request })
    const stop = () => void worker.terminate()
    signal.addEventListener('abort', stop)
    const late = `the expected results of ${request.workload} were not found within ${withinMs / 1000} s`
    const timer = setTimeout(() => {
      reject(new Error(late))
      stop()
    }, withinMs)
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      reject(new Error('stopped before the expected checksums were found'))
    })
  })
}
