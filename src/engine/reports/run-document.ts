import {
  type Comparison,
  type MetricComparison,
  practicalThreshold,
} from '../../shared/model/comparison.ts'
import { documentFormat, documentVersion } from '../../shared/model/document.ts'
import type { Findings } from '../../shared/model/findings.ts'
import { metrics } from '../../shared/model/metric.ts'
import type { ConfigurationSummary, Run, Trial } from '../../shared/model/run.ts'
import type { RecordedSamples, TaskSpans } from '../../shared/recorded.ts'
import type { TimelineData } from '../../shared/timeline.ts'
import { LongList } from './json-text.ts'

/** What was recorded of the trials of a run, by the number of each. */
export interface RecordedOf {
  samples(trialId: number): Iterable<RecordedSamples>
  taskSpans(trialId: number): Iterable<TaskSpans>
  overview(trialId: number): TimelineData | null
}

/**
 * A run as one JSON document, for other programs and other libraries (docs/formats.md), without what
 * was recorded of its trials.
 *
 * @param summaries one for each configuration, in the run's order
 */
export function runDocument(
  run: Run,
  summaries: readonly ConfigurationSummary[],
  { comparisons }: Comparison,
  findings: Findings | null,
) {
  const { configurations: _, trials, ...rest } = run
  return {
    format: documentFormat,
    version: documentVersion,
    run: rest,
    configurations: summaries.map(({ configuration, metrics: own }) => {
      const executed = trials.filter((trial) => trial.configuration_id === configuration.id)
      return {
        ...configuration,
        trials: executed.filter((trial) => !trial.warm_up).map(trialDocument),
        warm_ups: executed.filter((trial) => trial.warm_up).map(trialDocument),
        metrics: own,
      }
    }),
    comparisons: comparisons.map(comparisonDocument),
    findings,
  }
}

/** The same with all that was recorded, read while it is written. */
export function wholeDocument(
  document: ReturnType<typeof runDocument>,
  { trials }: Run,
  recorded: RecordedOf,
): object {
  const ofEach = (items: (trial: Trial) => Iterable<object>) =>
    new LongList(function* () {
      for (const trial of trials) {
        for (const item of items(trial)) yield { trial: trial.ordinal, ...item }
      }
    })
  return {
    ...document,
    overviews: ofEach(({ id }) => {
      const timeline = recorded.overview(id)
      return timeline === null ? [] : [{ timeline }]
    }),
    task_spans: ofEach(function* ({ id }) {
      for (const { starts_ms, ends_ms, ...spans } of recorded.taskSpans(id)) {
        yield { ...spans, starts_ms: toList(starts_ms), ends_ms: toList(ends_ms) }
      }
    }),
    samples: ofEach(function* ({ id }) {
      for (const { stream, t_ms, dt_ms, series, values } of recorded.samples(id)) {
        const columns = series.map((name, at) => [name, toList(values[at] as ArrayLike<number>)])
        yield {
          stream,
          t_ms: toList(t_ms),
          dt_ms: toList(dt_ms),
          values: Object.fromEntries(columns),
        }
      }
    }),
  }
}

/** NaN, which stands for "not read", is null in JSON. */
function toList(values: ArrayLike<number>): number[] {
  return Array.from(values)
}

function trialDocument({ configuration_id: _, warm_up: __, ...trial }: Trial) {
  return trial
}

/** With what its verdict rests on beside the figures. */
function comparisonDocument(comparison: MetricComparison) {
  const { a, b, metric, ratio, ci95, p, cliffs_delta, verdict, trials } = comparison
  const { better } = metrics[metric]
  const found = { ratio, ci95, p, cliffs_delta, verdict, trials }
  return { a, b, metric, ...found, better, threshold: practicalThreshold }
}
