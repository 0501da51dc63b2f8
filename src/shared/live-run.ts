import { type Comparison, nothingCompared } from './model/comparison.ts'
import type { Model } from './model/execution-model.ts'
import type { MetricValue } from './model/metric.ts'
import type { Plan } from './model/plan.ts'
import type { LiveReading, RunEvent } from './model/progress.ts'
import type { Configuration, EndedRun, PhaseName, Trial } from './model/run.ts'
import { Timeline, type TimelineData } from './timeline.ts'

/** The latest trial of a model, as it goes and after it has ended. */
export interface LiveTrial {
  readonly configuration: Configuration
  readonly ordinal: number
  readonly index: number
  readonly warmUp: boolean
  /** Null when it has ended. */
  phase: PhaseName | 'starting' | null
  /** ms from the start of the trial to the release of the barrier; null before it. */
  releasedMs: number | null
  reading: LiveReading | null
  /** As it was kept; null while it goes. */
  ended: Trial | null
  readonly timeline: Timeline
}

/** The trials that have ended so far. */
export interface EndedTrials {
  readonly count: number
  /** Of them those that were measured to their end. */
  readonly done: number
  /** What watching the last of them cost, of one core; null where that is not known. */
  readonly observerCpuShare: number | null
}

/** A `LiveRun` as plain JSON: what one who comes late must know. */
export interface LiveRunData {
  readonly runId: number
  readonly plan: Plan
  readonly configurations: readonly Configuration[]
  readonly trialsPlanned: number
  readonly cores: number
  readonly preparing: string | null
  readonly comparison: Comparison
  readonly ended: EndedTrials
  /** The model whose trial is going on. */
  readonly current: Model | null
  /** Once it has ended. */
  readonly run: EndedRun | null
  readonly latest: readonly (Omit<LiveTrial, 'timeline'> & { readonly timeline: TimelineData })[]
}

/**
 * A run as those who watch it know it: made of its events, the same on either side of a connection.
 * Its memory is bounded, however long the run: of each model it keeps the latest trial.
 */
export class LiveRun {
  readonly runId: number
  readonly plan: Plan
  readonly configurations: readonly Configuration[]
  readonly trialsPlanned: number
  readonly cores: number
  /** What is done before the first trial, in words. */
  preparing: string | null = null
  comparison: Comparison = nothingCompared
  ended: EndedTrials = { count: 0, done: 0, observerCpuShare: null }
  readonly latest = new Map<Model, LiveTrial>()
  current: LiveTrial | null = null
  /** Once it has ended. */
  run: EndedRun | null = null
  readonly #capacity: number

  /** @param capacity slots of each timeline */
  constructor(
    start: Pick<LiveRunData, 'runId' | 'plan' | 'configurations' | 'trialsPlanned' | 'cores'>,
    capacity: number,
  ) {
    this.runId = start.runId
    this.plan = start.plan
    this.configurations = start.configurations
    this.trialsPlanned = start.trialsPlanned
    this.cores = start.cores
    this.#capacity = capacity
  }

  hear(event: RunEvent): void {
    switch (event.type) {
      case 'run-started':
        return
      case 'preparing':
        this.preparing = event.what
        return
      case 'trial-started': {
        this.preparing = null
        const { ordinal, index, warmUp, configuration } = event
        this.current = {
          configuration,
          ordinal,
          index,
          warmUp,
          phase: 'starting',
          releasedMs: null,
          reading: null,
          ended: null,
          timeline: Timeline.within(this.#capacity, this.cores, configuration.workers),
        }
        this.latest.set(configuration.model, this.current)
        return
      }
      case 'phase':
        if (this.current === null) return
        this.current.phase = event.name
        if (event.name === 'work') this.current.releasedMs = event.t_ms
        return
      case 'live':
        if (this.current === null) return
        this.current.reading = event.live
        this.current.timeline.add(event.live)
        return
      case 'trial-ended':
        this.ended = {
          count: this.ended.count + 1,
          done: this.ended.done + (event.trial.status === 'done' ? 1 : 0),
          observerCpuShare: numberOf(event.trial.metrics.observer_cpu_share),
        }
        if (this.current !== null) {
          this.current.phase = null
          this.current.ended = event.trial
        }
        this.current = null
        return
      case 'compared':
        this.comparison = event.comparison
        return
      case 'run-ended':
        this.preparing = null
        this.current = null
        this.run = event.run
    }
  }

  toData(): LiveRunData {
    const { runId, plan, configurations, trialsPlanned, cores, preparing, comparison } = this
    return {
      runId,
      plan,
      configurations,
      trialsPlanned,
      cores,
      preparing,
      comparison,
      ended: this.ended,
      current: this.current?.configuration.model ?? null,
      run: this.run,
      latest: [...this.latest.values()].map((trial) => ({
        ...trial,
        timeline: trial.timeline.toData(),
      })),
    }
  }

  static from(data: LiveRunData, capacity: number): LiveRun {
    const run = new LiveRun(data, capacity)
    run.preparing = data.preparing
    run.comparison = data.comparison
    run.run = data.run
    run.ended = data.ended
    for (const { timeline, ...trial } of data.latest) {
      run.latest.set(trial.configuration.model, {
        ...trial,
        timeline: Timeline.from(timeline, capacity),
      })
    }
    run.current = data.current === null ? null : (run.latest.get(data.current) ?? null)
    return run
  }
}

function numberOf(value: MetricValue): number | null {
  return typeof value === 'number' ? value : null
}
