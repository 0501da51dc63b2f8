/**
 * What was seen at one instant. Three streams, each with its own clock, since they cost differently:
 *
 * - `machine`: every core and the memory in use, read by the sampler at the plan's interval
 * - `reports`: what host and workers say of themselves, at the plan's interval, between tasks
 * - `processes`: the trial's process tree as the system shows it, as often as its cost allows
 * - `memory`: proportional and private memory of that tree, which is dear to read, at a pace of its own
 */
export const sampleStreams = ['machine', 'reports', 'processes', 'memory'] as const
export type SampleStream = (typeof sampleStreams)[number]

export type SampleSubject = 'core' | 'machine' | 'tree' | 'host' | 'worker' | 'process'

/** What is read of a subject. Shares are of one core. */
export const sampleVariables = [
  'busy',
  // Of a core: by the workers of the trial that were seen on it.
  'workers_busy',
  'memory_used_bytes',
  'cpu_share',
  'rss_bytes',
  'pss_bytes',
  'uss_bytes',
  'heap_used_bytes',
  'tasks_done',
  // The core a worker's thread was on when it was looked at.
  'last_core',
  // So far, of a worker's thread.
  'voluntary_switches',
  'involuntary_switches',
] as const
export type SampleVariable = (typeof sampleVariables)[number]

/** Name of a column: a core's, worker's or process's carries its number. */
export type SampleSeries =
  | `${'machine' | 'tree' | 'host'}.${SampleVariable}`
  | `${'core' | 'worker' | 'process'}.${number}.${SampleVariable}`

/**
 * Shortest time over which a share of CPU time is told, in ms: the system counts it in ticks of up to
 * 10 ms, and one of those in an interval of 1 ms would be ten cores.
 */
export const leastShareMs = 40

export interface Sample {
  readonly stream: SampleStream
  /** ms from the release of the start barrier; before it negative. From the start of the trial while that is unknown. */
  readonly t_ms: number
  /** ms since the stream's sample before, as measured; 0 for its first. */
  readonly dt_ms: number
  /** A series that could not be read has no entry. */
  readonly values: Readonly<Partial<Record<SampleSeries, number>>>
}

export interface SeriesParts {
  readonly subject: SampleSubject
  readonly number: number | null
  readonly variable: SampleVariable
}

/** Takes a series' name apart. */
export function parseSeries(series: SampleSeries): SeriesParts {
  const parts = series.split('.')
  return {
    subject: parts[0] as SampleSubject,
    number: parts.length === 3 ? Number(parts[1]) : null,
    variable: parts.at(-1) as SampleVariable,
  }
}

/** Names that are kept: those of processes that are gone do not come again. */
const mostNames = 50_000

/** Names the series of one variable by number, each made once. */
export function seriesNames<V extends SampleVariable>(
  subject: 'core' | 'worker' | 'process',
  variable: V,
): (number: number) => `${'core' | 'worker' | 'process'}.${number}.${V}` {
  const names = new Map<number, `${'core' | 'worker' | 'process'}.${number}.${V}`>()
  return (number) => {
    let name = names.get(number)
    if (name === undefined) {
      if (names.size >= mostNames) names.clear()
      name = `${subject}.${number}.${variable}`
      names.set(number, name)
    }
    return name
  }
}
