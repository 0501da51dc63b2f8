import type { DatabaseState } from '../../engine/lab.ts'
import { formatBytes } from '../../shared/format.ts'
import { LabError } from '../../shared/model/problem.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'

/** `corescope doctor`: the machine as the lab sees it, and what makes its figures less sure. */
export async function doctorCommand(
  { lab, print }: Shell,
  { json }: { readonly json?: boolean },
): Promise<ExitCode> {
  const { environment, warnings } = await lab.environment()
  const database = await lab.databaseState().catch((error: unknown) => {
    if (error instanceof LabError) return error
    throw error
  })
  const isBroken = database instanceof LabError
  if (json) {
    const state = isBroken ? { path: lab.databasePath, error: database.message } : database
    print(`${JSON.stringify({ environment, warnings, database: state }, null, 2)}\n`)
  } else {
    for (const [key, value] of Object.entries(environment)) {
      print(`${key.padEnd(28)}${shownValue(key, value)}\n`)
    }
    print(`${'database'.padEnd(28)}${isBroken ? database.message : shownDatabase(database)}\n\n`)
    for (const { message } of warnings) print(`warning: ${message}\n`)
    if (warnings.length === 0) print('nothing here makes measuring less sure\n')
  }
  return isBroken ? exitCodes.unsound : exitCodes.done
}

function shownValue(key: string, value: unknown): string {
  if (value === null) return key.startsWith('cgroup_') ? 'no limit' : 'not available here'
  if (key.endsWith('_bytes')) return formatBytes(Number(value))
  if (key === 'load_before') return `${Math.round(Number(value) * 100)} %`
  return String(value)
}

function shownDatabase({ path, size_bytes, runs, read_only }: DatabaseState): string {
  const size = size_bytes === null ? 'not made yet' : formatBytes(size_bytes)
  return `${path} (${size}, ${runs} runs${read_only ? ', read-only' : ''})`
}
