import { executorName } from '../../shared/executor-names.ts'
import type { Configuration, Run, Trial } from '../../shared/model/run.ts'
import { parseSeries } from '../../shared/model/sample.ts'
import { workloadName } from '../../shared/model/workload.ts'
import { LongList } from './json-text.ts'
import type { RecordedOf } from './run-document.ts'

/*
 * A run as Perfetto and chrome://tracing open it ("Trace Event Format", the JSON object form): each trial
 * a process of its own where it was on the clock, in it a track for the trial and one for each worker.
 * Phases and tasks are complete events (X), what was sampled is counters (C), names are metadata (M).
 */

interface Event {
  readonly name: string
  readonly ph: 'X' | 'C' | 'M'
  readonly pid: number
  readonly tid: number
  /** µs, as is `dur`. */
  readonly ts: number
  readonly dur?: number
  readonly cat?: string
  readonly args?: Readonly<Record<string, string | number>>
}

/** Track of the trial as a whole; workers follow. */
const trialTrack = 0

export function traceDocument(run: Run, recorded: RecordedOf): object {
  const starts = startsOf(run.trials)
  return {
    displayTimeUnit: 'ms',
    otherData: {
      run: run.uid,
      label: run.label,
      workload: run.plan.workload,
      started_at: run.started_at,
      machine: run.machine ?? '',
      tasks_without_a_slice: leftOut(run, recorded),
    },
    traceEvents: new LongList(function* () {
      for (const trial of run.trials) {
        const { configuration_id } = trial
        const configuration = run.configurations.find(({ id }) => id === configuration_id)
        yield* trialEvents(
          trial,
          configuration as Configuration,
          starts.get(trial.id) as number,
          recorded,
        )
      }
    }),
  }
}

/** How many tasks there were too many of, in words. */
function leftOut({ trials }: Run, recorded: RecordedOf): string {
  let tasks = 0
  let kept = 0
  for (const { id, workers } of trials) {
    tasks += workers.reduce((sum, worker) => sum + worker.tasks, 0)
    for (const { starts_ms } of recorded.taskSpans(id)) kept += starts_ms.length
  }
  return tasks === kept
    ? 'none'
    : `${tasks - kept} of ${tasks}: of many tasks some are timed singly`
}

/**
 * When each trial began, in ms from the first: by the clock of the wall, but never before the one before
 * it has ended, as that clock may be set.
 */
function startsOf(trials: readonly Trial[]): ReadonlyMap<number, number> {
  const starts = new Map<number, number>()
  const first = trials[0]
  let free = 0
  for (const { id, started_at, phases } of trials) {
    const start = Math.max(free, Date.parse(started_at) - Date.parse(first?.started_at ?? ''))
    starts.set(id, start)
    free = start + phases.reduce((latest, { end_ms }) => Math.max(latest, end_ms), 0)
  }
  return starts
}

function* trialEvents(
  trial: Trial,
  configuration: Configuration,
  start: number,
  recorded: RecordedOf,
): Generator<Event> {
  const pid = trial.ordinal + 1
  const at = (ms: number) => microseconds(start + ms)
  const named = (tid: number, name: string, args: Event['args'] = {}): Event => ({
    ...{ name, ph: 'M', pid, tid, ts: 0, args },
  })
  const slice = (tid: number, name: string, cat: string, from: number, to: number): Event => ({
    ...{ name, cat, ph: 'X', pid, tid, ts: at(from) },
    dur: microseconds(Math.max(0, at(to) - at(from)) / 1000),
  })
  yield named(trialTrack, 'process_name', { name: trialName(trial, configuration) })
  yield named(trialTrack, 'process_sort_index', { sort_index: trial.ordinal })
  yield named(trialTrack, 'thread_name', { name: 'trial' })
  yield named(trialTrack, 'thread_sort_index', { sort_index: trialTrack })
  for (const { index, process_id, thread_id } of trial.workers) {
    const name = `worker ${index} (process ${process_id}, thread ${thread_id})`
    yield named(index + 1, 'thread_name', { name })
    yield named(index + 1, 'thread_sort_index', { sort_index: index + 1 })
  }
  for (const { name, worker, start_ms, end_ms } of trial.phases) {
    yield slice(worker === null ? trialTrack : worker + 1, name, 'phase', start_ms, end_ms)
  }
  for (const { worker, starts_ms, ends_ms } of recorded.taskSpans(trial.id)) {
    // Tasks are kept to 0.1 µs: rounded, the last may end after its work. Slices of a track must nest.
    const work = trial.phases.find((phase) => phase.worker === worker && phase.name === 'work')
    const within = (ms: number) =>
      work === undefined ? ms : Math.min(Math.max(ms, work.start_ms), work.end_ms)
    for (let task = 0; task < starts_ms.length; task++) {
      const [from, to] = [starts_ms[task] as number, ends_ms[task] as number]
      yield slice(worker + 1, 'task', 'task', within(from), within(to))
    }
  }
  for (const { name, t_ms, args } of counters(trial, recorded)) {
    yield { name, ph: 'C', pid, tid: trialTrack, ts: Math.max(0, at(t_ms)), args }
  }
}

function trialName(trial: Trial, configuration: Configuration): string {
  const { workload, runtime, model, workers, variant } = configuration
  const which = `${trial.warm_up ? 'warm-up' : 'trial'} ${trial.index}`
  const by = runtime === 'node' ? [] : [executorName(configuration)]
  const how = [...by, model, `${workers} worker${workers === 1 ? '' : 's'}`]
  if (variant !== null) how.push(variant)
  const status = trial.status === 'done' ? '' : ` (${trial.status})`
  return `${workloadName(workload)}, ${how.join(', ')}, ${which}${status}`
}

interface Counted {
  readonly name: string
  readonly t_ms: number
  readonly args: Readonly<Record<string, number>>
}

/** Cores in use and memory held: from the samples, or from the overview where those are not there any more. */
function* counters({ id }: Trial, recorded: RecordedOf): Generator<Counted> {
  let hasSamples = false
  for (const { stream, t_ms, dt_ms, series, values } of recorded.samples(id)) {
    hasSamples = true
    const columns = series.map((name, at) => ({
      ...parseSeries(name),
      column: values[at] as ArrayLike<number>,
    }))
    const cores = columns.filter(
      ({ subject, variable }) => subject === 'core' && variable === 'busy',
    )
    const memory = columns.filter(
      ({ subject, variable }) => subject === 'tree' && variable.endsWith('_bytes'),
    )
    for (let row = 0; row < t_ms.length; row++) {
      const t = t_ms[row] as number
      if (stream === 'machine') {
        const busy = sumOf(cores.map(({ column }) => column[row] as number))
        // A share is of the time before its reading: that is where it is drawn from.
        if (busy !== null) {
          yield { name: 'cores busy', t_ms: t - (dt_ms[row] as number), args: { cores: busy } }
        }
      }
      for (const { variable, column } of memory) {
        const bytes = column[row] as number
        if (!Number.isNaN(bytes)) yield { name: memoryName(variable), t_ms: t, args: { bytes } }
      }
    }
  }
  if (!hasSamples) yield* overviewCounters(recorded, id)
}

function* overviewCounters(recorded: RecordedOf, id: number): Generator<Counted> {
  const overview = recorded.overview(id)
  for (const [slot, t_ms] of overview?.t.entries() ?? []) {
    if (t_ms === null) continue
    const cores = overview?.busyCores[slot] ?? null
    const bytes = overview?.treeRss[slot] ?? null
    if (cores !== null) yield { name: 'cores busy', t_ms, args: { cores } }
    if (bytes !== null) yield { name: memoryName('rss_bytes'), t_ms, args: { bytes } }
  }
}

function memoryName(variable: string): string {
  return `memory of host and workers (${variable.replace('_bytes', '').toUpperCase()})`
}

/** Null where nothing was read. */
function sumOf(values: readonly number[]): number | null {
  const read = values.filter((value) => !Number.isNaN(value))
  return read.length === 0 ? null : read.reduce((sum, value) => sum + value, 0)
}

/** To the nanosecond, which is what the viewers reckon in. */
function microseconds(ms: number): number {
  return Math.round(ms * 1e6) / 1e3
}
