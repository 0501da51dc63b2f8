import { formatTime } from '../../shared/format.ts'
import { LabError } from '../../shared/model/problem.ts'
import { planToRunAgain } from '../plan-input.ts'
import { runNumber } from '../run-number.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { runReport } from '../terminal/run-report.ts'

/** `corescope show RUN` */
export async function showCommand(
  { lab, print, columns }: Shell,
  name: string,
  { json, plan }: { readonly json?: boolean; readonly plan?: boolean },
): Promise<ExitCode> {
  const run = await lab.saved.run(runNumber(name))
  if (json && plan) {
    throw new LabError('bad-input', '--json and --plan: only one of them is allowed')
  }
  if (plan) print(`${JSON.stringify(planToRunAgain(run.plan), null, 2)}\n`)
  else if (json) print(`${JSON.stringify(await lab.exchange.document(run), null, 2)}\n`)
  else {
    const parts = [
      await lab.saved.summarize(run),
      await lab.saved.compare(run),
      await lab.saved.findings(run),
    ] as const
    print(runReport(run, ...parts, columns))
    if (run.thinned_at !== null) {
      const what = 'its samples were thinned to what its charts show'
      print(`note: ${what}, ${formatTime(run.thinned_at)}; all results are as they were\n`)
    }
  }
  return exitCodes.done
}
