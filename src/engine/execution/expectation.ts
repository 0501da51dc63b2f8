import { Worker } from 'node:worker_threads'
import type { ParameterValues } from '../../shared/model/workload.ts'

export interface ExpectationRequest {
  readonly workload: string
  readonly parameters: ParameterValues
  readonly seed: number
}

/** The checksums that a workload's tasks must return, found another way, off the app's own thread. */
export async function findExpected(
  program: string,
  request: ExpectationRequest,
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData: request })
    const stop = () => void worker.terminate()
    signal.addEventListener('abort', stop)
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop)
      reject(new Error('stopped before the expected checksums were found'))
    })
  })
}
