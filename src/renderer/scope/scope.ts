import type { Plan } from '../../shared/model/plan.ts'
import type { Timeline } from '../../shared/timeline.ts'
import { Emitter } from './emitter.ts'
import { Painter } from './painter.ts'
import { originOf, type ShownTrial } from './shown-trial.ts'

export interface Span {
  readonly from: number
  readonly to: number
}

/** Largest value of each axis, the same in all columns. */
export interface Axes {
  readonly cores: number
  readonly memoryBytes: number
  readonly throughput: number
}

/**
 * What changes what is drawn. `data`: the trials went on; `axes`: so far that the axes have changed;
 * `view`: the user, or the end of a trial, wants to see something else.
 */
export type ScopeChange = 'data' | 'axes' | 'view' | 'cursor'

/** So that the axis of a run that goes on stands still most of the time. */
const liveRoom = 1.2

/** Upper end of an axis of which nothing is known. */
const least = 1e-6

/** Least span that can be zoomed to, in ms. */
const leastSpan = 20

/**
 * What all columns have in common: one time axis (ms from the release of the barrier), the same value
 * axes, one cursor, one zoom. Not part of the component framework's state: it changes ten times a
 * second.
 */
export class Scope {
  readonly painter = new Painter()
  readonly changed = new Emitter<ScopeChange>()
  trials: readonly ShownTrial[] = []
  /** ms; null where nothing is pointed at. */
  cursor: number | null = null
  /** What is being marked with the pointer, to be zoomed to. */
  selection: Span | null = null
  /** The trial that was going on when the drawing was paused, and where; null where it follows. */
  #paused: { readonly trial: ShownTrial | null; readonly at: number } | null = null
  #zoom: Span | null = null
  readonly #details = new Map<ShownTrial, ShownTrial>()
  #full: Span = { from: -200, to: 1000 }
  #axes: Axes = { cores: 1, memoryBytes: 1, throughput: least }
  #cores = 1
  #plannedMs = 0
  #isOver = false
  /** What the time axis grows by, beyond what it must hold. */
  #room = liveRoom

  /** Begins with another run. */
  begin(cores: number, plan: Pick<Plan, 'duration_s'> | null): void {
    this.#cores = cores
    this.#plannedMs = (plan?.duration_s ?? 0) * 1000
    this.#full = { from: -200, to: Math.max(1000, this.#plannedMs * 1.05) }
    this.#axes = { cores, memoryBytes: 1, throughput: least }
    this.#isOver = false
    this.#room = liveRoom
    this.#zoom = null
    this.#paused = null
    this.cursor = null
    this.selection = null
    this.trials = []
    this.#details.clear()
  }

  /** @param isOver nothing more will come: the axes are made to fit what there is */
  show(trials: readonly ShownTrial[], isOver = false): void {
    const isSame =
      trials.length === this.trials.length &&
      trials.every((trial, index) => trial === this.trials[index])
    if (isSame && isOver === this.#isOver) return
    this.#isOver = isOver
    this.trials = trials
    if (isOver) this.#paused = null
    if (isOver && trials.length > 0) {
      this.#full = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
      this.#axes = { cores: this.#cores, memoryBytes: 1, throughput: least }
      this.#room = 1
    }
    this.refit()
    this.changed.tell('view')
  }

  get full(): Span {
    return this.#full
  }

  get visible(): Span {
    return this.#zoom ?? this.#full
  }

  /** What is zoomed to; null where all is seen. */
  get zoomed(): Span | null {
    return this.#zoom
  }

  get isZoomed(): boolean {
    return this.#zoom !== null
  }

  /** A trial as it is drawn: zoomed, with its finer timeline where there is one. */
  drawn(trial: ShownTrial): ShownTrial {
    return (this.#zoom === null ? undefined : this.#details.get(trial)) ?? trial
  }

  /** Gives a finer timeline of what a trial is zoomed to. */
  refine(trial: ShownTrial, timeline: Timeline): void {
    this.#details.set(trial, { ...trial, timeline })
    this.changed.tell('view')
  }

  get axes(): Axes {
    return this.#axes
  }

  get isPaused(): boolean {
    return this.#paused !== null
  }

  /** The time whose figures are shown while nothing is pointed at; infinite for the latest. */
  shownAt(trial: ShownTrial): number {
    return Math.min(this.#zoom?.to ?? Number.POSITIVE_INFINITY, this.endOf(trial))
  }

  /** Up to where a trial is drawn: while paused nothing that has come since. */
  endOf(trial: ShownTrial): number {
    return this.#paused?.trial === trial ? this.#paused.at : Number.POSITIVE_INFINITY
  }

  /** Stops the drawing where it is, or lets it catch up. What is measured goes on. */
  pause(isPaused: boolean): void {
    const trial = this.trials.find(({ phase }) => phase !== null) ?? null
    const last = trial === null ? -1 : trial.timeline.length - 1
    const at =
      trial === null || last < 0
        ? Number.POSITIVE_INFINITY
        : (trial.timeline.t[last] as number) - originOf(trial)
    this.#paused = isPaused ? { trial, at } : null
    if (!isPaused) this.refit()
    this.changed.tell('view')
  }

  /** New readings have come. */
  advance(): void {
    if (this.isPaused) return
    this.changed.tell(this.refit() ? 'axes' : 'data')
  }

  /**
   * Makes the axes hold what there is. They grow in steps, so that they stand still most of the time.
   *
   * @returns whether they have changed
   */
  refit(): boolean {
    let { from, to } = this.#full
    let { memoryBytes, throughput } = this.#axes
    for (const trial of this.trials) {
      const { timeline } = trial
      if (timeline.length === 0) continue
      const origin = originOf(trial)
      from = Math.min(from, (timeline.t[0] as number) - origin)
      const end = (timeline.t[timeline.length - 1] as number) - origin
      if (end > to) to = end * this.#room
      memoryBytes = Math.max(memoryBytes, largest(timeline.treeRss, timeline.length))
      for (let slot = 0; slot < timeline.length; slot++) {
        throughput = Math.max(throughput, throughputAt(trial, slot) ?? 0)
      }
    }
    if (from < this.#full.from) from *= this.#room
    memoryBytes =
      memoryBytes > this.#axes.memoryBytes
        ? niceAbove(memoryBytes, memoryBytes > 2 ** 29.8 ? 2 ** 30 : 2 ** 20)
        : memoryBytes
    throughput = throughput > this.#axes.throughput ? niceAbove(throughput, 1) : throughput
    const before = { ...this.#full, ...this.#axes }
    // There may be no reading at all, or one.
    if (!(from < to)) [from, to] = [Math.min(-200, from), Math.max(1000, this.#plannedMs)]
    this.#full = { from, to }
    this.#axes = { cores: this.#cores, memoryBytes, throughput }
    return (
      from !== before.from ||
      to !== before.to ||
      memoryBytes !== before.memoryBytes ||
      throughput !== before.throughput
    )
  }

  point(at: number | null): void {
    if (at === this.cursor) return
    this.cursor = at
    this.changed.tell('cursor')
  }

  mark(selection: Span | null): void {
    this.selection = selection
    this.changed.tell('cursor')
  }

  /** @param span null for all there is */
  zoom(span: Span | null): void {
    if (span !== null && span.to - span.from < leastSpan) return
    this.#zoom = span
    this.#details.clear()
    this.changed.tell('view')
  }

  /** Makes what is seen longer or shorter around the cursor, or around its middle. */
  zoomBy(factor: number): void {
    const { from, to } = this.visible
    const around = this.cursor ?? (from + to) / 2
    const next = {
      from: Math.max(this.#full.from, around - (around - from) * factor),
      to: Math.min(this.#full.to, around + (to - around) * factor),
    }
    this.zoom(next.from <= this.#full.from && next.to >= this.#full.to ? null : next)
  }

  /** Something else than the data wants everything drawn again. */
  redraw(): void {
    this.changed.tell('view')
  }
}

/**
 * Tasks completed since the release of the barrier / time from then to when they were told, at a slot;
 * null before that.
 */
export function throughputAt({ timeline, releasedMs }: ShownTrial, slot: number): number | null {
  if (releasedMs === null || slot < 0) return null
  const elapsed = (timeline.tasksAt[slot] as number) - releasedMs
  const tasks = timeline.tasks[slot] as number
  return elapsed > 0 && tasks > 0 ? (tasks * 1000) / elapsed : null
}

function largest(values: Float64Array, length: number): number {
  let most = 0
  for (let at = 0; at < length; at++) {
    const value = values[at] as number
    if (value > most) most = value
  }
  return most
}

/** A round number with some room above a value: 1, 1.5, 2, 3, 4, 6, 8 or 10 times a power of ten. */
export function niceAbove(value: number, unit: number): number {
  const wanted = (value * 1.08) / unit
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = [1, 1.5, 2, 3, 4, 6, 8, 10].find((each) => each * power >= wanted) ?? 10
  return step * power * unit
}
