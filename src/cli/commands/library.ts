import { outputError } from '../../service/output-error.ts'
import { formatSpan, formatText, formatTime } from '../../shared/format.ts'
import { LabError, shown } from '../../shared/model/problem.ts'
import type { RunSummary } from '../../shared/model/run.ts'
import { workloadName } from '../../shared/model/workload.ts'
import { prepareFile, prepareFolder, writeDocument } from '../output.ts'
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

/** `corescope export RUN --format F --out PATH` */
export async function exportCommand(
  { lab, print, tell }: Shell,
  name: string,
  { format, out }: { readonly format: string; readonly out: string },
): Promise<ExitCode> {
  const run = await lab.saved.run(runNumber(name))
  if (format === 'csv') {
    await prepareFolder(out, '--out')
    const files = await lab.exchange.exportCsv(run, out).catch((error: unknown) => {
      throw outputError(error, out)
    })
    tell(files.map((file) => `wrote ${file}\n`).join(''))
  } else if (out === '-') {
    print(`${JSON.stringify(await lab.exchange.document(run), null, 2)}\n`)
  } else {
    await prepareFile(out, '--out')
    await writeDocument(out, await lab.exchange.document(run))
    tell(`wrote ${out}\n`)
  }
  return exitCodes.done
}

/** `corescope delete RUN` */
export async function deleteCommand({ lab, tell }: Shell, name: string): Promise<ExitCode> {
  tell(`deleted run ${await lab.library.delete(runNumber(name))}\n`)
  return exitCodes.done
}

function runNumber(name: string): number | 'last' {
  if (name === 'last') return name
  if (/^[1-9]\d{0,14}$/.test(name)) return Number(name)
  throw new LabError(
    'bad-input',
    `RUN: ${shown(name)} is not allowed; allowed: a number that "corescope runs" lists, or last`,
  )
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
