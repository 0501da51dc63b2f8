import type { LibraryState } from '../../shared/model/library.ts'
import { LabError } from '../../shared/model/problem.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { doctorReport, type UnusableDatabase } from '../terminal/doctor-report.ts'

/**
 * `corescope doctor`: the machine as the lab sees it, what can be sampled on it, and what makes its
 * figures less sure.
 *
 * @param columns of the terminal it is printed to; without them lines are left whole
 */
export async function doctorCommand(
  { lab, print }: Shell,
  { json }: { readonly json?: boolean },
  columns = Number.POSITIVE_INFINITY,
): Promise<ExitCode> {
  const machine = await lab.environment()
  const database = await lab.library
    .state()
    .catch((error: unknown): LibraryState | UnusableDatabase => {
      if (error instanceof LabError) return { path: lab.databasePath, error: error.message }
      throw error
    })
  print(
    json === true
      ? `${JSON.stringify({ ...machine, database }, null, 2)}\n`
      : doctorReport(machine, database, columns),
  )
  return 'error' in database ? exitCodes.unsound : exitCodes.done
}
