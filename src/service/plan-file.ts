import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { largestPlanBytes } from '../shared/model/plan-limits.ts'
import { LabError } from '../shared/model/problem.ts'
import { isModulePath } from '../shared/model/workload.ts'

/**
 * What a plan's file says, before anything of it is checked; a module's path in it starts from its folder.
 *
 * @throws LabError `bad-input`, where it cannot be read as JSON
 */
export async function readPlanFile(path: string): Promise<unknown> {
  const bad = (what: string) =>
    new LabError('bad-input', `${path}: ${what}; allowed: a plan as JSON of at most 1 MiB`)
  // Not to wait for ever on a pipe that nobody writes to.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      throw bad(error.code === 'ENOENT' ? 'there is no such file' : error.message)
    },
  )
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw bad('not a file')
    if (stat.size > largestPlanBytes) {
      throw bad(`${stat.size.toLocaleString('en-US')} bytes are too many`)
    }
    const text = (await file.readFile('utf8')).replace(/^\ufeff/, '')
    return withModuleFrom(dirname(path), JSON.parse(text))
  } catch (error) {
    if (error instanceof LabError) throw error
    throw bad(error instanceof SyntaxError ? `not JSON (${error.message})` : String(error))
  } finally {
    await file.close()
  }
}

/** A plan whose workload is the path of a module, with the whole of it. */
export function withModuleFrom(folder: string, document: unknown): unknown {
  if (typeof document !== 'object' || document === null) return document
  const { workload } = document as { readonly workload?: unknown }
  if (typeof workload !== 'string' || !isModulePath(workload)) return document
  return { ...document, workload: resolve(folder, workload) }
}
