import type { Usual } from '../../engine/lab.ts'
import { describeFound, equipmentOf } from '../../shared/model/found-interpreter.ts'
import { interpreterName } from '../../shared/model/interpreter.ts'
import { LabError, printable } from '../../shared/model/problem.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import {
  doctorReport,
  type SeenDatabase,
  type UnusableDatabase,
} from '../terminal/doctor-report.ts'
import { repairReport } from '../terminal/repair-report.ts'

export interface DoctorOptions {
  readonly json?: boolean
  readonly repair?: boolean
  readonly out?: string
}

/**
 * `corescope doctor`: the machine as the lab sees it, what can be sampled on it, what makes its figures
 * less sure, and whether the database is sound. With `--repair` the database alone, in full.
 *
 * @param columns of the terminal it is printed to; without them lines are left whole
 */
export async function doctorCommand(
  shell: Shell,
  options: DoctorOptions,
  columns = Number.POSITIVE_INFINITY,
): Promise<ExitCode> {
  const { lab, print } = shell
  if (options.repair === true) return repair(shell, options)
  if (options.out !== undefined) {
    throw new LabError('bad-input', '--out: is of use with --repair alone')
  }
  // One after the other: what is started for the one is no load that the other should see.
  const machine = await lab.environment()
  const database = await lookAt(shell)
  const python = await usualPython(shell)
  print(
    options.json === true
      ? `${JSON.stringify({ ...machine, database, python: python.interpreter }, null, 2)}\n`
      : doctorReport(machine, database, columns, pythonLine(python)),
  )
  const isSound = !('error' in database) && database.integrity.problem === null
  return isSound ? exitCodes.done : exitCodes.unsound
}

async function lookAt({ lab }: Shell): Promise<SeenDatabase | UnusableDatabase> {
  try {
    return { ...(await lab.library.state()), integrity: await lab.repair.look() }
  } catch (error) {
    if (error instanceof LabError) return { path: lab.databasePath, error: error.message }
    throw error
  }
}

/** What was added cannot be read from a database that cannot be used; what is found by itself is there all the same. */
async function usualPython({ lab }: Shell): Promise<Usual> {
  try {
    return await lab.interpreters.usual()
  } catch (error) {
    if (error instanceof LabError) return { interpreter: null, unusable: [], unwanted: [] }
    throw error
  }
}

export function pythonLine({ interpreter, unusable }: Usual): string {
  const more = '"corescope interpreters" lists all'
  if (interpreter !== null) {
    return printable(
      `${interpreterName(interpreter)}, ${interpreter.path}: ${equipmentOf(interpreter)}; ${more}`,
    )
  }
  if (unusable.length === 0) return 'none was found; only work of Python needs one'
  const [first, ...others] = unusable.map(describeFound)
  const rest = others.length === 0 ? '' : `, and ${others.length} more`
  return printable(`none that can be used: ${first}${rest}; ${more}`)
}

async function repair(
  { lab, print, tell }: Shell,
  { out, json }: DoctorOptions,
): Promise<ExitCode> {
  if (json !== true) tell(`checking ${lab.databasePath}\n`)
  const outcome = await lab.repair.repair(out)
  print(json === true ? `${JSON.stringify(outcome, null, 2)}\n` : repairReport(outcome))
  return outcome.state === 'sound' || outcome.is_whole ? exitCodes.done : exitCodes.unsound
}
