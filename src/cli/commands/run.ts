import type { FinishedRun, StartedRun } from '../../engine/lab.ts'
import { outputError } from '../../service/output-error.ts'
import { formatText } from '../../shared/format.ts'
import { LabError, shown } from '../../shared/model/problem.ts'
import type { RunEvent } from '../../shared/model/progress.ts'
import { workloadName } from '../../shared/model/workload.ts'
import { prepareFile, prepareFolder, writeDocument } from '../output.ts'
import { explainProblems, planDocument, planToRunAgain } from '../plan-input.ts'
import { runNumber } from '../run-number.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { onStopSignal } from '../stop-signal.ts'
import { liveDisplay } from '../terminal/live-display.ts'
import { plainProgress } from '../terminal/plain-progress.ts'
import { runReport } from '../terminal/run-report.ts'

export interface RunOptions extends Readonly<Record<string, unknown>> {
  /** A saved run, whose plan is the start of this one's. */
  readonly like?: string
  readonly csv?: string
  readonly json?: string
  readonly force?: boolean
  readonly quiet?: boolean
}

/** `corescope run`: executes a plan, shows it as it goes, and says what came out. */
export async function runCommand(
  shell: Shell,
  file: string | undefined,
  options: RunOptions,
): Promise<ExitCode> {
  const { lab } = shell
  const { csv, json, force = false, quiet = false } = options
  const document = await planDocument(file, options, await planLike(shell, file, options))
  const plan = await lab.checkPlan(document).catch((error: unknown) => {
    if (!(error instanceof LabError) || error.details.length === 0) throw error
    throw new LabError('bad-input', explainProblems(error.details, file, options), error.details)
  })

  let started: StartedRun | undefined
  let isStopped = false
  const release = onStopSignal(() => {
    isStopped = true
    started?.stop()
  })
  const display = quiet
    ? { hear: () => {}, close: () => {} }
    : shell.isTerminal
      ? liveDisplay(process.stderr, plan.experiment ?? formatText(workloadName(plan.workload)))
      : plainProgress(shell.tell)
  let finished: FinishedRun
  try {
    if (csv !== undefined) await prepareFolder(csv, '--csv')
    if (json !== undefined) await prepareFile(json, '--json')
    started = await lab.start(plan, { force, announce: (event: RunEvent) => display.hear(event) })
    if (isStopped) started.stop()
    finished = await started.finished
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'does-not-fit') throw error
    throw new LabError(error.code, `${error.message} (--force runs them all the same)`)
  } finally {
    display.close()
    release()
  }

  const { run, storageFailure } = finished
  if (!quiet) {
    const report = runReport(
      run,
      await lab.saved.summarize(run),
      await lab.saved.compare(run),
      await lab.saved.findings(run),
      shell.columns,
    )
    if (json === '-') shell.tell(report)
    else shell.print(report)
  }
  // Each output is tried, whatever became of the one before: it may be all that is left of the run.
  const failures = storageFailure === null ? [] : [storageFailure.message]
  const write = async (path: string, work: () => Promise<unknown>) => {
    await work().catch((error: unknown) => failures.push(outputError(error, path).message))
  }
  // As it is kept: what its samples take is known there alone.
  const documented = async () => {
    const kept = storageFailure === null ? await lab.saved.run(run.id).catch(() => run) : run
    return lab.exchange.document(kept)
  }
  if (json === '-') shell.print(`${JSON.stringify(await documented(), null, 2)}\n`)
  else if (json !== undefined) {
    await write(json, async () => writeDocument(json, await documented()))
  }
  if (csv !== undefined) await write(csv, () => lab.exchange.exportCsv(run, csv))
  if (run.status === 'failed' && quiet && storageFailure === null) failures.push(`${run.reason}`)
  // What old runs take is made less when all is done, and not for long: the rest another time.
  const until = performance.now() + tidyMs
  await lab.library.tidy(() => performance.now() < until).catch(() => {})
  for (const failure of failures) shell.tell(`corescope: ${failure}\n`)
  if (run.status === 'interrupted') return exitCodes.interrupted
  return run.status === 'done' && failures.length === 0 ? exitCodes.done : exitCodes.unsound
}

/** How long the library is tidied after a run, in ms. */
const tidyMs = 300

async function planLike(
  { lab }: Shell,
  file: string | undefined,
  { like }: RunOptions,
): Promise<ReturnType<typeof planToRunAgain> | undefined> {
  if (like === undefined) return undefined
  if (file !== undefined) {
    throw new LabError('bad-input', `--like: not allowed with a plan, ${shown(file)}`)
  }
  const { plan } = await lab.library.find(runNumber(like))
  return planToRunAgain(plan)
}
