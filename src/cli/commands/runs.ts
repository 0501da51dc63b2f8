import type { Model, Runtime } from '../../shared/model/execution-model.ts'
import { LabError, shown } from '../../shared/model/problem.ts'
import type { RunStatus } from '../../shared/model/run.ts'
import { runSorts } from '../run-sorts.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { runsTable } from '../terminal/runs-table.ts'

export interface RunsOptions {
  readonly workload?: string
  readonly runtime?: Runtime
  readonly model?: Model
  readonly machine?: string
  readonly status?: RunStatus
  readonly tag?: string
  readonly experiment?: string
  readonly from?: string
  readonly before?: string
  readonly sort?: string
  readonly reverse?: boolean
  readonly away?: boolean
  readonly limit?: string
  readonly json?: boolean
}

/** Runs that are listed where nothing is said. */
const usualLimit = 25

/** `corescope runs [WORDS…]`: those in which every word is found, or all. */
export async function runsCommand(
  { lab, print, tell, columns }: Shell,
  words: readonly string[],
  options: RunsOptions,
): Promise<ExitCode> {
  const { json, sort = 'when', reverse = false, away = false, limit, ...filters } = options
  const sorting = runSorts[sort] as (typeof runSorts)[string]
  const wanted = {
    search: words.join(' '),
    order: sorting.order,
    descending: sorting.descending !== reverse,
    isAway: away,
    workload: filters.workload,
    runtime: filters.runtime,
    model: filters.model,
    machine: filters.machine,
    status: filters.status,
    tag: filters.tag,
    experiment: filters.experiment,
    from: instantOf('--from', filters.from),
    before: instantOf('--before', filters.before),
  }
  const most = limit === undefined ? undefined : countOf('--limit', limit)
  if (json) {
    const runs = await lab.library.all(wanted)
    print(`${JSON.stringify(runs.slice(0, most), null, 2)}\n`)
    return exitCodes.done
  }
  const { total, runs } = await lab.library.page({
    ...wanted,
    offset: 0,
    limit: most ?? usualLimit,
  })
  if (runs.length > 0) print(`${runsTable(runs, columns)}\n`)
  else print(await whyNone(lab, away))
  if (total > runs.length) {
    const more = (total - runs.length).toLocaleString('en-US')
    tell(`${more} more; --limit N shows them, words and filters find some among them\n`)
  }
  return exitCodes.done
}

async function whyNone(lab: Shell['lab'], away: boolean): Promise<string> {
  const { runs } = await lab.library.state()
  if (away) return 'no run is found that was put away\n'
  if (runs === 0) return 'no run is kept yet; "corescope run" makes the first\n'
  return `no run is found; "corescope runs" lists the newest of ${runs.toLocaleString('en-US')}\n`
}

/** A day or an instant, as the contract takes it: a day begins where the reader is. */
function instantOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/.test(
    text,
  )
  // What names no zone is read as the reader's, a day as well where a time follows it.
  const time = isDay ? new Date(`${text}T00:00`) : isTime ? new Date(text) : null
  // A day that its month has not is one of the next month to Date.
  const isOfItsMonth =
    new Date(`${text.slice(0, 10)}T00:00Z`).getUTCDate() === Number(text.slice(8, 10))
  if (time === null || Number.isNaN(time.getTime()) || !isOfItsMonth) {
    const allowed = 'a day as 2026-01-31, or an instant as 2026-01-31T12:00'
    throw new LabError('bad-input', `${flag}: ${shown(text)} is not allowed; allowed: ${allowed}`)
  }
  return time.toISOString()
}

/** A number of things, from 1. */
export function countOf(flag: string, text: string, most = 1_000_000): number {
  if (/^\d{1,7}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text)
  const allowed = `a whole number from 1 to ${most.toLocaleString('en-US')}`
  throw new LabError('bad-input', `${flag}: ${shown(text)} is not allowed; allowed: ${allowed}`)
}
