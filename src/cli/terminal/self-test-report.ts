import { formatBytes, formatPercent, formatText } from '../../shared/format.ts'
import type {
  MemoryReading,
  SelfTestPart,
  SelfTestPartName,
  SelfTestReport,
} from '../../shared/model/self-test.ts'

const titles: Readonly<Record<SelfTestPartName, string>> = {
  'a-a-recorded': 'A against A, recorded',
  'a-a-simulated': 'A against A, simulated',
  'a-b-recorded': 'A against B, recorded',
  'a-b-simulated': 'A against B, simulated',
  'memory-rss': 'memory, RSS',
  'memory-pss': 'memory, PSS',
  'memory-uss': 'memory, USS',
}
const indent = ' '.repeat(8)

/** The self-test on some lines: what was asked, what was measured, and what to do where it was missed. */
export function selfTestReport(report: SelfTestReport): string {
  const { options, parts, runs, status, reason, warnings, caution } = report
  const lines = [
    `self-test · ${runsOf(runs)} · ${options.trials} rounds · B has ${options.slowdown_percent} % more work than A`,
  ]
  for (const part of parts) lines.push('', ...partLines(part))
  const isSimulated = parts.some(
    ({ name, measured }) => name.endsWith('simulated') && measured !== null,
  )
  if (isSimulated) lines.push('', caution)
  for (const message of warnings) lines.push(`note: ${message}`)
  lines.push(
    '',
    status === 'done' ? outcome(report) : `${status}: ${formatText(reason ?? '', 400)}`,
  )
  if (status !== 'done' && runs.length > 0)
    lines.push(`What was measured is kept: ${runsOf(runs)}.`)
  return `${lines.join('\n')}\n`
}

function runsOf(runs: readonly number[]): string {
  if (runs.length === 0) return 'no run'
  return `${runs.length === 1 ? 'run' : 'runs'} ${runs.join(' and ')}`
}

function partLines({ name, ok, asked, found, readings, ...part }: SelfTestPart): string[] {
  const mark = ok === null ? '–' : ok ? 'ok' : 'MISSED'
  const measured = measuredWords(part)
  return [
    `${mark.padEnd(8)}${titles[name]}`,
    `${indent}asked     ${asked}`,
    `${indent}measured  ${measured === null ? found : `${measured}; ${found}`}`,
    ...readings.map((reading) => `${indent}          ${readingWords(reading)}`),
  ]
}

function measuredWords({
  measured,
  unit,
  interval,
}: Pick<SelfTestPart, 'measured' | 'unit' | 'interval'>): string | null {
  if (measured === null) return null
  const write = (value: number) => (unit === 'share' ? formatPercent(value) : value.toFixed(3))
  if (interval === null) return write(measured)
  const kind = interval.kind === 'range' ? 'from' : '95 % interval'
  return `${write(measured)} (${kind} ${write(interval.low)} to ${write(interval.high)})`
}

function readingWords({ configuration, held_bytes, read_bytes }: MemoryReading): string {
  const ratio = (read_bytes / held_bytes).toFixed(3)
  return `${configuration}: ${formatBytes(held_bytes)} held, ${formatBytes(read_bytes)} read (${ratio})`
}

function outcome({ passed, parts }: SelfTestReport): string {
  if (passed) {
    const absent = parts.filter(({ ok }) => ok === null)
    if (absent.length === 0) return 'Passed.'
    return `Passed, as far as this platform tells: ${absent.map(({ name }) => titles[name]).join('; ')} could not be measured.`
  }
  const missed = parts.filter(({ ok }) => ok === false)
  return [
    `Not passed: ${missed.map(({ name }) => titles[name]).join('; ')}.`,
    'Where something else is busy on this machine, trials scatter, and small differences are not found: "corescope doctor" shows what makes figures less sure. Close what can be closed and run this again, with more trials (--trials 60) if need be. Where it is missed again on a quiet machine, please report it with --json.',
  ].join('\n')
}
