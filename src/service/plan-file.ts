import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { largestPlanBytes } from '../shared/model/plan-limits.ts'
import { LabError } from '../shared/model/problem.ts'
import { isModulePath } from '../shared/model/workload.ts'

/**
 * What a plan's file says, before anything of it is checked; paths in it start from its folder.
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
    return withPathsFrom(dirname(path), JSON.parse(text))
  } catch (error) {
    if (error instanceof LabError) throw error
    throw bad(error instanceof SyntaxError ? `not JSON (${error.message})` : String(error))
  } finally {
    await file.close()
  }
}

/** A plan whose workload, or whose interpreters, are paths, with the whole of them. */
export function withPathsFrom(folder: string, document: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document
  const { workload, interpreters } = document as Readonly<Record<string, unknown>>
  const isModule = typeof workload === 'string' && isModulePath(workload)
  return {
    ...document,
    ...(isModule && { workload: resolve(folder, workload) }),
    ...(Array.isArray(interpreters) && {
      interpreters: interpreters.map((each: unknown) =>
        typeof each === 'string' && isPath(each) ? resolve(folder, each) : each,
      ),
    }),
  }
}

/** What has no folder in it is a command, and stays one. */
function isPath(interpreter: string): boolean {
  return /[\\/]/.test(interpreter) && !interpreter.startsWith('~')
}
