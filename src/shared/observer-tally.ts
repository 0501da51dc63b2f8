import type { MetricKey, MetricValue } from './model/metric.ts'
import type { Trial } from './model/run.ts'

/** A mean that grows: of the values that were known. */
interface Mean {
  readonly sum: number
  readonly values: number
}

/** The ended trials together, warm-ups among them. */
export interface ObserverTally {
  /** CPU time of what watches / time, of one core; the whole, and its parts. */
  readonly total: Mean
  readonly sampling: Mean
  readonly recording: Mean
  readonly shell: Mean
  /** Medians of how late the samples of a trial came, in ms. */
  readonly lateness: Mean
  /** The worst 99th percentile of it of a trial, in ms; null where none is known. */
  readonly worstLateness_ms: number | null
  /** Samples that were not taken; null where that is not known. */
  readonly missed: number | null
}

const none: Mean = { sum: 0, values: 0 }

export const emptyObserverTally: ObserverTally = {
  total: none,
  sampling: none,
  recording: none,
  shell: none,
  lateness: none,
  worstLateness_ms: null,
  missed: null,
}

/** A tally with one trial more. */
export function observed(tally: ObserverTally, { metrics }: Pick<Trial, 'metrics'>): ObserverTally {
  const number = (key: MetricKey) => numberOrNull(metrics[key])
  const worst = number('sampler_lateness_p99_ms')
  const missed = number('samples_missed')
  return {
    total: withOneMore(tally.total, number('observer_cpu_share')),
    sampling: withOneMore(tally.sampling, number('observer_sampling_share')),
    recording: withOneMore(tally.recording, number('observer_recording_share')),
    shell: withOneMore(tally.shell, number('observer_shell_share')),
    lateness: withOneMore(tally.lateness, number('sampler_lateness_p50_ms')),
    worstLateness_ms:
      worst === null ? tally.worstLateness_ms : Math.max(worst, tally.worstLateness_ms ?? worst),
    missed: missed === null ? tally.missed : (tally.missed ?? 0) + missed,
  }
}

export function observerTallyOf(trials: readonly Pick<Trial, 'metrics'>[]): ObserverTally {
  return trials.reduce(observed, emptyObserverTally)
}

/** Null of none. */
export function meanOf({ sum, values }: Mean): number | null {
  return values === 0 ? null : sum / values
}

function withOneMore(mean: Mean, value: number | null): Mean {
  return value === null ? mean : { sum: mean.sum + value, values: mean.values + 1 }
}

function numberOrNull(value: MetricValue): number | null {
  return typeof value === 'number' ? value : null
}
