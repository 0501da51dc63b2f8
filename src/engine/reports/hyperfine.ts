import { executorName } from '../../shared/executor-names.ts'
import { interpreterName } from '../../shared/model/interpreter.ts'
import type { Configuration, Run, Trial } from '../../shared/model/run.ts'
import { workloadName } from '../../shared/model/workload.ts'

/** A configuration as hyperfine tells of a command; times in s. */
interface HyperfineResult {
  readonly command: string
  readonly mean: number
  /** Null of a single trial. */
  readonly stddev: number | null
  readonly median: number
  /** Not told apart by us: null, with the sum of both beside it. */
  readonly user: null
  readonly system: null
  readonly min: number
  readonly max: number
  readonly times: readonly number[]
  readonly exit_codes: readonly number[]
  readonly parameters: Readonly<Record<string, string>>
  /** Mean of user and system CPU time together; not among hyperfine's own. Null where it was not read. */
  readonly cpu: number | null
}

/**
 * The lengths of the work windows as hyperfine (`--export-json`) would tell them of commands, for the
 * tools that read those: trials that count, a configuration without any left out.
 */
export function hyperfineDocument({ configurations, trials }: Run): {
  readonly results: readonly HyperfineResult[]
} {
  return {
    results: configurations.flatMap((configuration) => {
      const counted = trials.filter(
        (trial) =>
          trial.configuration_id === configuration.id && !trial.warm_up && trial.status === 'done',
      )
      return resultOf(configuration, counted) ?? []
    }),
  }
}

function resultOf(configuration: Configuration, trials: readonly Trial[]): HyperfineResult | null {
  const times = secondsOf(trials, 'wall_ms')
  if (times.length === 0) return null
  const cpu = secondsOf(trials, 'cpu_ms')
  const sorted = times.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  const mean = meanOf(times)
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0)
  return {
    command: commandOf(configuration),
    mean,
    stddev: times.length < 2 ? null : Math.sqrt(squares / (times.length - 1)),
    median: sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2,
    user: null,
    system: null,
    min: sorted[0] as number,
    max: sorted.at(-1) as number,
    times,
    exit_codes: times.map(() => 0),
    parameters: parametersOf(configuration),
    cpu: cpu.length < times.length ? null : meanOf(cpu),
  }
}

function secondsOf(trials: readonly Trial[], key: 'wall_ms' | 'cpu_ms'): number[] {
  return trials.flatMap(({ metrics }) => {
    const value = metrics[key]
    return typeof value === 'number' ? value / 1000 : []
  })
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Tells the configurations of a run apart, as a command does. */
function commandOf(configuration: Configuration) {
  const { workload, parameters, runtime, model, workers, scheduling, variant } = configuration
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
  const by = runtime === 'node' ? [] : [executorName(configuration)]
  const how = [
    ...by,
    model,
    `${workers} workers`,
    scheduling,
    ...(variant === null ? [] : [variant]),
  ]
  return [workloadName(workload), ...values, `(${how.join(', ')})`].join(' ')
}

/** hyperfine's are texts. */
function parametersOf(configuration: Configuration) {
  const { parameters, runtime, interpreter, model, workers, scheduling, variant } = configuration
  return {
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])),
    runtime,
    ...(interpreter === null ? {} : { python: interpreterName(interpreter) }),
    model,
    workers: String(workers),
    scheduling,
    ...(variant === null ? {} : { variant }),
  }
}
