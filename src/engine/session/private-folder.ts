import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { modelTraits } from '../../shared/model/execution-model.ts'
import type { Configuration } from '../../shared/model/run.ts'
import type { Reaper } from '../execution/reaper.ts'
import type { Workload } from '../workloads/workload.ts'

/** A folder of one trial's own. */
export interface PrivateFolder {
  readonly path: string
  /** One that resists is left to the reaper, which tries once more at the end. */
  remove(): Promise<void>
}

const removal = { recursive: true, force: true, maxRetries: 5 } as const

/** @throws Error in words, where none can be made */
export async function makePrivateFolder(reaper: Reaper): Promise<PrivateFolder> {
  const path = await mkdtemp(join(tmpdir(), 'corescope-')).catch((error: Error) => {
    throw new Error(`no private folder can be made in ${tmpdir()}: ${error.message}`)
  })
  const forget = reaper.watchFolder(path)
  return { path, remove: () => rm(path, removal).then(forget, () => {}) }
}

/** @param workload null where it is a probe */
export function needsFolder(
  { runtime, model }: Pick<Configuration, 'runtime' | 'model'>,
  workload: Workload | null,
): boolean {
  if (workload === null || workload.needs === 'folder' || runtime === 'dask') return true
  // `multiprocessing` has files of its own, such as the socket of its fork server.
  return runtime === 'python' && modelTraits[model].separateProcesses
}
