import { formatBytes, formatPercent, formatText } from '../../shared/format.ts'
import type {
  MemoryReading,
  SelfTestFigure,
  SelfTestPart,
  SelfTestReport,
} from '../../shared/model/self-test.ts'

const figures: Readonly<Record<SelfTestFigure, string>> = {
  throughput_per_s: 'throughput',
  cpu_per_task_ms: 'CPU time of a task',
  peak_rss_bytes: 'RSS',
  peak_pss_bytes: 'PSS',
  peak_uss_bytes: 'USS',
}
const indent = ' '.repeat(8)

/** The self-test on some lines: what was asked, what was measured, and what to do where it was missed. */
export function selfTestReport(report: SelfTestReport): string {
  const { options, parts, runs, status, reason, warnings, caution } = report
  const lines = [
    `self-test · ${runsOf(runs)} · ${options.trials} rounds of A, A again, and B with ${options.slowdown_percent} % more work`,
  ]
  for (const [contest, own] of Map.groupBy(parts, (part) => part.contest)) {
    lines.push('', headings[contest], ...own.flatMap(partLines))
  }
  const isSimulated = parts.some(({ how, measured }) => how === 'simulated' && measured !== null)
  if (isSimulated) lines.push('', caution)
  if (warnings.length > 0) lines.push('', ...warnings.map((message) => `note: ${message}`))
  lines.push('')
  if (status === 'done') lines.push(...outcome(report))
  else {
    lines.push(`${status}: ${formatText(reason ?? '', 400)}`)
    if (runs.length > 0) lines.push(`what was measured is kept: ${runsOf(runs)}`)
  }
  return `${lines.join('\n')}\n`
}

const headings: Readonly<Record<SelfTestPart['contest'], string>> = {
  'a-a': 'A against A: where there is no difference, none may be found',
  'a-b': 'A against B: a difference that is there must be found',
  held: 'memory: what workers are known to hold must be read',
}

function runsOf(runs: readonly number[]): string {
  if (runs.length === 0) return 'no run'
  return `${runs.length === 1 ? 'run' : 'runs'} ${runs.join(' and ')}`
}

function partLines({ figure, how, ok, asked, found, readings, ...part }: SelfTestPart): string[] {
  const mark = ok === null ? '–' : ok ? 'ok' : 'MISSED'
  const measured = measuredWords(part)
  return [
    `${mark.padEnd(8)}${figures[figure]}, ${how}`,
    `${indent}  asked     ${asked}`,
    `${indent}  measured  ${measured === null ? found : `${measured}: ${found}`}`,
    ...readings.map((reading) => `${indent}            ${readingWords(reading)}`),
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
  const kind = interval.kind === 'range' ? 'seen from' : '95 % interval'
  return `${write(measured)} (${kind} ${write(interval.low)} to ${write(interval.high)})`
}

function readingWords({ configuration, held_bytes, read_bytes }: MemoryReading): string {
  const ratio = (read_bytes / held_bytes).toFixed(3)
  return `${configuration}: ${formatBytes(held_bytes)} held, ${formatBytes(read_bytes)} read (${ratio})`
}

function outcome({ passed, parts }: SelfTestReport): string[] {
  const name = ({ contest, figure, how }: SelfTestPart) =>
    contest === 'held'
      ? `memory (${figures[figure]})`
      : `${contest === 'a-a' ? 'A against A' : 'A against B'} (${figures[figure]}, ${how})`
  const absent = parts.filter(({ ok }) => ok === null).map(name)
  if (passed) {
    if (absent.length === 0) return ['Passed.']
    return [`Passed, as far as can be told here: ${absent.join(', ')} not available.`]
  }
  const missed = parts.filter(({ ok }) => ok === false)
  return [`Not passed: ${missed.map(name).join(', ')}.`, ...advice(missed)]
}

/** What a user can do about it. */
function advice(missed: readonly SelfTestPart[]): string[] {
  const lines: string[] = []
  const isMissed = (contest: SelfTestPart['contest'], figure?: SelfTestFigure) =>
    missed.some((part) => part.contest === contest && (figure ?? part.figure) === part.figure)
  if (isMissed('a-b', 'throughput_per_s') && !isMissed('a-b', 'cpu_per_task_ms')) {
    lines.push(
      'The difference was found in CPU time but not in throughput: other programs took the cores meanwhile.',
    )
  }
  if (isMissed('a-b')) {
    lines.push(
      'Where trials scatter, small differences are not found. "corescope doctor" shows what makes figures less sure here; close what can be closed, and run this again.',
    )
  }
  if (isMissed('a-a')) {
    lines.push(
      'A winner was named where there is none. Of runs as these up to 5 in 100 may do so by chance; run this again.',
    )
  }
  if (isMissed('held')) {
    lines.push(
      'What workers hold was not read right; under a shortage of memory it may be swapped out.',
    )
  }
  return [...lines, 'Where it is missed again on a quiet machine, please report it with --json.']
}
