import { LabError } from '../../shared/model/problem.ts'
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
  const machine = await lab.environment()
  const database = await lookAt(shell)
  print(
    options.json === true
      ? `${JSON.stringify({ ...machine, database }, null, 2)}\n`
      : doctorReport(machine, database, columns),
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

async function repair(
  { lab, print, tell }: Shell,
  { out, json }: DoctorOptions,
): Promise<ExitCode> {
  if (json !== true) tell(`checking ${lab.databasePath}\n`)
  const outcome = await lab.repair.repair(out)
  print(json === true ? `${JSON.stringify(outcome, null, 2)}\n` : repairReport(outcome))
  return outcome.state === 'sound' || outcome.is_whole ? exitCodes.done : exitCodes.unsound
}
