import type { Lab } from '../../engine/lab.ts'
import { formatConfiguration } from '../../shared/format.ts'
import { type MetricKey, metricKeys } from '../../shared/model/metric.ts'
import { LabError, printable, shown } from '../../shared/model/problem.ts'
import type { RunComparison, SideReference } from '../../shared/model/run-comparison.ts'
import { writeExport } from '../exporting.ts'
import { comparisonFormats } from '../formats.ts'
import { type GateOptions, judge, readThresholds } from '../gate.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { readConfiguration, readSides } from '../side-references.ts'
import { savedComparisonReport } from '../terminal/saved-comparison-report.ts'
import { trendReport } from '../terminal/trend-report.ts'

interface CompareOptions extends GateOptions {
  readonly acrossMachines?: boolean
  readonly metric?: readonly string[]
  readonly json?: boolean
  readonly format?: keyof typeof comparisonFormats
  readonly out?: string
  readonly chart?: string
  readonly theme?: 'light' | 'dark'
}

/** A terminal scrolls: more than a screen can tell apart, as a sweep against another. */
const mostInTerminal = 100

/** `corescope compare A B …` */
export async function compareCommand(
  shell: Shell,
  names: readonly string[],
  options: CompareOptions,
): Promise<ExitCode> {
  const { lab, print, tell, columns } = shell
  const thresholds = readThresholds(options)
  const wanted = readMetrics(options.metric ?? [])
  const written = readWritten(options)
  const sides = await readSides(lab, names)
  const acrossMachines = options.acrossMachines ?? false
  const comparison = await lab.comparisons.between(sides, acrossMachines, mostInTerminal)
  if (options.json) print(`${JSON.stringify(comparison, null, 2)}\n`)
  else if (written?.out !== '-') print(savedComparisonReport(comparison, wanted, columns))
  if (written !== null) {
    const of = { sides: [...sides], across_machines: acrossMachines }
    const code = await writeExport(shell, { of, ...written.form }, written.out)
    if (code !== exitCodes.done) return code
  }
  if (thresholds.length === 0) {
    const isCompared = comparison.pairs.some(({ refused }) => refused.length === 0)
    return isCompared ? exitCodes.done : exitCodes.badInput
  }
  const { code, lines } = judge(comparison, thresholds)
  const missing = await missingSides(lab, sides, comparison)
  for (const line of [...lines, ...missing]) tell(`corescope: ${printable(line)}\n`)
  return code === exitCodes.done && missing.length > 0 ? exitCodes.badInput : code
}

/**
 * The file that is wanted beside what is printed; null where none is.
 *
 * @throws LabError `bad-input`
 */
function readWritten({ format, out, chart, theme = 'light' }: CompareOptions) {
  if (format === undefined && out === undefined) return null
  if (format === undefined || out === undefined) {
    throw new LabError('bad-input', '--format and --out are given together or not at all')
  }
  return {
    out,
    form: { form: comparisonFormats[format], theme, ...(chart === undefined ? {} : { chart }) },
  }
}

/** Configurations of the run that others are held against which none of them has: a gate does not pass over them. */
async function missingSides(
  lab: Lab,
  [first]: readonly SideReference[],
  { sides }: RunComparison,
): Promise<string[]> {
  if (first === undefined || first.configuration !== null) return []
  const taken = new Set(sides.map(({ configuration }) => configuration.id))
  const { configurations } = await lab.saved.run(first.run)
  return configurations
    .filter(({ id }) => !taken.has(id))
    .map(
      (each) =>
        `cannot be judged: run ${first.run} has ${formatConfiguration(each)}, which none of the others has`,
    )
}

interface TrendOptions extends GateOptions {
  readonly acrossMachines?: boolean
  readonly metric?: string
  readonly json?: boolean
}

/** `corescope trend RUN:CONFIGURATION` */
export async function trendCommand(
  { lab, print, tell, columns }: Shell,
  name: string,
  options: TrendOptions,
): Promise<ExitCode> {
  const thresholds = readThresholds(options)
  const [metric = 'throughput_per_s'] = readMetrics(
    options.metric === undefined ? [] : [options.metric],
  )
  const acrossMachines = options.acrossMachines ?? false
  const side = await readConfiguration(lab, name)
  const trend = await lab.comparisons.trend(side, metric, acrossMachines)
  if (options.json) print(`${JSON.stringify(trend, null, 2)}\n`)
  else print(trendReport(trend, side.run, columns))
  if (thresholds.length === 0) return exitCodes.done
  const held = trend.points.find(({ run }) => run.id === trend.baseline)
  if (held === undefined || held.run.id === side.run) {
    const why =
      held === undefined ? trend.withoutBaseline : `run ${side.run} is the baseline itself`
    tell(`corescope: cannot be judged: ${thresholds.map(({ text }) => text).join(', ')}: ${why}\n`)
    return exitCodes.badInput
  }
  // The gate is that of a comparison with the baseline, in whichever figures it asks for.
  const comparison = await lab.comparisons.between(
    [{ run: held.run.id, configuration: held.configuration }, side],
    acrossMachines,
  )
  const { code, lines } = judge(comparison, thresholds)
  for (const line of lines) tell(`corescope: ${printable(line)}\n`)
  return code
}

/** @throws LabError `bad-input` */
function readMetrics(texts: readonly string[]): MetricKey[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => {
      const name = text.trim() as MetricKey
      if (metricKeys.includes(name)) return name
      throw new LabError(
        'bad-input',
        `--metric: ${shown(text)} is not allowed; allowed: ${metricKeys.join(', ')}`,
      )
    })
}
