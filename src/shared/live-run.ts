import { type Comparison, nothingCompared } from './model/comparison.ts'
import type { Warning } from './model/environment.ts'
import type { Findings } from './model/findings.ts'
import type { Plan } from './model/plan.ts'
import type { LiveReading, RunEvent } from './model/progress.ts'
import type { Configuration, EndedRun, PhaseName, Trial } from './model/run.ts'
import { emptyObserverTally, type ObserverTally, observed } from './observer-tally.ts'
import { emptyTally, type Tally, tallied } from './tally.ts'
import { Timeline, type TimelineData } from './timeline.ts'

/** The latest trial of a configuration, as it goes and after it has ended. */
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
  /** What watching them cost. */
  readonly observer: ObserverTally
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
  /** Of an experiment; null of any other run. */
  readonly findings: Findings | null
  readonly ended: EndedTrials
  /** By the number of the configuration. */
  readonly tallies: readonly (readonly [number, Tally])[]
  readonly warnings: readonly Warning[]
  /** Number of the configuration whose trial is going on. */
  readonly current: number | null
  /** Once it has ended. */
  readonly run: EndedRun | null
  readonly latest: readonly (Omit<LiveTrial, 'timeline'> & { readonly timeline: TimelineData })[]
}

/**
 * A run as those who watch it know it: made of its events, the same on either side of a connection.
 * Its memory is bounded, however long the run: of each configuration it keeps the latest
 * trial, the more coarsely the more there are.
 */
export class LiveRun {
  readonly runId: number
  readonly plan: Plan
  readonly configurations: readonly Configuration[]
  /** At most, of a run that is repeated until it is precise; as it came out, once it has ended. */
  trialsPlanned: number
  readonly cores: number
  /** What is done before the first trial, in words. */
  preparing: string | null = null
  comparison: Comparison = nothingCompared
  /** What the experiment has shown so far; null where the run is none. */
  findings: Findings | null = null
  ended: EndedTrials = { count: 0, done: 0, observer: emptyObserverTally }
  /** What makes its figures less sure, as far as that is known. */
  warnings: readonly Warning[] = []
  /** The ended trials of each configuration together, by its number. */
  readonly tallies = new Map<number, Tally>()
  /** By the number of its configuration. */
  readonly latest = new Map<number, LiveTrial>()
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
    // Together they hold no more than four at their full length do.
    const share = Math.min(1, 4 / start.configurations.length)
    this.#capacity = 2 * Math.ceil((capacity * share) / 2)
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
        this.latest.set(configuration.id, this.current)
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
          observer: observed(this.ended.observer, event.trial),
        }
        this.tallies.set(
          event.configuration.id,
          tallied(this.tallies.get(event.configuration.id) ?? emptyTally, event.trial),
        )
        if (this.current !== null) {
          this.current.phase = null
          this.current.ended = event.trial
        }
        this.current = null
        return
      case 'warned':
        this.warnings = event.warnings
        return
      case 'compared':
        this.comparison = event.comparison
        return
      case 'found':
        this.findings = event.findings
        return
      case 'run-ended':
        this.preparing = null
        this.current = null
        this.run = event.run
        this.trialsPlanned = event.run.trials_planned
        this.warnings = event.run.warnings
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
      findings: this.findings,
      ended: this.ended,
      tallies: [...this.tallies],
      warnings: this.warnings,
      current: this.current?.configuration.id ?? null,
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
    run.findings = data.findings
    run.run = data.run
    run.ended = data.ended
    run.warnings = data.warnings
    for (const [id, tally] of data.tallies) run.tallies.set(id, tally)
    for (const { timeline, ...trial } of data.latest) {
      run.latest.set(trial.configuration.id, {
        ...trial,
        timeline: Timeline.from(timeline, run.#capacity),
      })
    }
    run.current = data.current === null ? null : (run.latest.get(data.current) ?? null)
    return run
  }
}
