import { formatSpan, formatText, formatTime } from '../../shared/format.ts'
import type { RunSummary } from '../../shared/model/run.ts'
import { workloadName } from '../../shared/model/workload.ts'
import { runNumber } from '../run-number.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { runReport } from '../terminal/run-report.ts'
import { renderTable } from '../terminal/table.ts'

interface JsonOption {
  readonly json?: boolean
}

/** `corescope runs` */
export async function runsCommand({ lab, print }: Shell, { json }: JsonOption): Promise<ExitCode> {
  const runs = await lab.library.all()
  if (json) print(`${JSON.stringify(runs, null, 2)}\n`)
  else if (runs.length === 0) print('no run is kept yet; "corescope run" makes the first\n')
  else print(`${runsTable(runs)}\n`)
  return exitCodes.done
}

/** `corescope show RUN` */
export async function showCommand(
  { lab, print, columns }: Shell,
  name: string,
  { json }: JsonOption,
): Promise<ExitCode> {
  const run = await lab.saved.run(runNumber(name))
  if (json) print(`${JSON.stringify(await lab.exchange.document(run), null, 2)}\n`)
  else {
    const parts = [
      await lab.saved.summarize(run),
      await lab.saved.compare(run),
      await lab.saved.findings(run),
    ] as const
    print(runReport(run, ...parts, columns))
  }
  return exitCodes.done
}

/** `corescope delete RUN` */
export async function deleteCommand({ lab, tell }: Shell, name: string): Promise<ExitCode> {
  tell(`deleted run ${await lab.library.delete(runNumber(name))}\n`)
  return exitCodes.done
}

function runsTable(runs: readonly RunSummary[]): string {
  const rows = runs.map((run) => {
    const { plan } = run
    const length =
      run.ended_at === null ? '' : formatSpan(Date.parse(run.ended_at) - Date.parse(run.started_at))
    return [
      String(run.id),
      formatText(run.label, 32),
      formatText(workloadName(plan.workload), 32),
      plan.models.join(', '),
      plan.workers.join(', '),
      `${run.trials_done}/${run.trials_planned}`,
      run.status,
      formatTime(run.started_at),
      length,
    ]
  })
  const head = ['run', 'label', 'workload', 'models', 'workers', 'trials', 'status', 'when', 'took']
  return renderTable(head, rows, [
    'right',
    'left',
    'left',
    'left',
    'left',
    'right',
    'left',
    'left',
    'right',
  ])
}
