import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { largestPlanBytes } from '../shared/model/plan-limits.ts'
import { LabError } from '../shared/model/problem.ts'

/**
 * What a plan's file says, before anything of it is checked.
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
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof LabError) throw error
    throw bad(error instanceof SyntaxError ? `not JSON (${error.message})` : String(error))
  } finally {
    await file.close()
  }
}
