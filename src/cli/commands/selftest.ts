import { formatSpan } from '../../shared/format.ts'
import { LabError } from '../../shared/model/problem.ts'
import type { SelfTestOptions, SelfTestReport } from '../../shared/model/self-test.ts'
import { prepareFile, writeDocument } from '../output.ts'
import { parseNumber } from '../plan-input.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { onStopSignal } from '../stop-signal.ts'
import { liveDisplay } from '../terminal/live-display.ts'
import { selfTestReport } from '../terminal/self-test-report.ts'

export interface SelfTestFlags {
  readonly trials?: string
  readonly slowdown?: string
  /** True without a file. */
  readonly json?: string | true
  readonly quiet?: boolean
}

const flags: Readonly<Record<keyof SelfTestOptions, string>> = {
  trials: '--trials',
  slowdown_percent: '--slowdown',
}

/** `corescope selftest`: work of which is known how it differs, and what the lab says of it. */
export async function selfTestCommand(
  shell: Shell,
  { trials, slowdown, json, quiet = false }: SelfTestFlags,
): Promise<ExitCode> {
  const file = json === true ? '-' : json
  const tell = quiet ? () => {} : shell.tell
  const display =
    quiet || !shell.isTerminal
      ? { hear: () => {}, close: () => {} }
      : liveDisplay(process.stderr, 'self-test')

  let stop: (() => void) | undefined
  let isStopped = false
  const release = onStopSignal(() => {
    isStopped = true
    stop?.()
  })
  let report: SelfTestReport
  try {
    if (file !== undefined) await prepareFile(file, '--json')
    const started = await shell.lab
      .selfTest(
        {
          ...(trials === undefined ? {} : { trials: parseNumber(trials) }),
          ...(slowdown === undefined ? {} : { slowdown_percent: parseNumber(slowdown) }),
        },
        {
          begins: (time_ms) =>
            tell(`this takes about ${formatSpan(time_ms)}; leave the machine alone meanwhile\n`),
          stage: (what) => tell(`${what}\n`),
          hear: (event) => display.hear(event),
        },
      )
      .catch(underFlags)
    stop = () => started.stop()
    if (isStopped) stop()
    report = await started.finished
  } finally {
    display.close()
    release()
  }

  const text = quiet ? '' : selfTestReport(report)
  if (file === '-') {
    shell.tell(text)
    shell.print(`${JSON.stringify(report, null, 2)}\n`)
  } else {
    shell.print(text)
    if (file !== undefined) await writeDocument(file, report)
  }
  if (report.status === 'interrupted') return exitCodes.interrupted
  return report.passed ? exitCodes.done : exitCodes.unsound
}

/** What is wrong, under the names by which the user gave it. */
function underFlags(error: unknown): never {
  if (!(error instanceof LabError) || error.details.length === 0) throw error
  const told = error.details.map(
    ({ path, message }) => `${flags[path as keyof SelfTestOptions]}: ${message}`,
  )
  throw new LabError(error.code, told.join('; '), error.details)
}
