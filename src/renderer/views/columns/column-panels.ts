import { formatBytes, formatNumber, formatTick } from '../../../shared/format.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import { drawHeatMap } from '../../charts/heat-map.ts'
import { axisWidth, type Line, LineChart } from '../../charts/line-chart.ts'
import {
  largestOf,
  lastOf,
  meanOf,
  type Point,
  PointSeries,
  smallestOf,
} from '../../charts/series.ts'
import { forgetTheme, theme } from '../../charts/theme.ts'
import type { Panel } from '../../scope/painter.ts'
import { type Scope, throughputAt } from '../../scope/scope.ts'
import { originOf, orNull, type ShownTrial } from '../../scope/shown-trial.ts'
import { coresReading, isAttributed, memoryParts, memoryReading } from './read-outs.ts'

/** The elements of one panel: where it is drawn, and where its reading is written, in one part or several. */
export interface PanelElements {
  readonly canvas: HTMLCanvasElement
  readonly readOuts: readonly HTMLElement[]
}

export const panelNames = ['cores', 'busy', 'memory', 'throughput'] as const
export type PanelName = (typeof panelNames)[number]

/** Draws the panels of one column, and writes what they show at the cursor. */
export class ColumnPanels {
  readonly #scope: Scope
  readonly #trial: () => ShownTrial | null
  readonly #elements: Readonly<Record<PanelName, PanelElements>>
  readonly #charts: Readonly<Record<Exclude<PanelName, 'cores'>, LineChart>>
  readonly #panels: Readonly<Record<PanelName, Panel>>
  readonly #series = Array.from({ length: 9 }, () => new PointSeries())
  readonly #sizes: ResizeObserver
  /** Up to where it has been drawn, in ms from the release of the barrier. */
  #drawnTo = Number.NEGATIVE_INFINITY
  #drawnTrial: ShownTrial | null = null
  /** Of which trial the legend tells, and whether that is settled. */
  #legend: { readonly trial: ShownTrial; readonly isSettled: boolean } | null = null

  constructor(
    scope: Scope,
    elements: Readonly<Record<PanelName, PanelElements>>,
    trial: () => ShownTrial | null,
  ) {
    this.#scope = scope
    this.#trial = trial
    this.#elements = elements
    const chart = (name: PanelName, formatValue: (value: number) => string, hasTimes = false) =>
      new LineChart(elements[name].canvas, scope, { formatValue, hasTimes })
    this.#charts = {
      busy: chart('busy', String),
      memory: chart('memory', formatBytes),
      throughput: chart('throughput', formatNumber, true),
    }
    this.#panels = {
      cores: { draw: () => this.#drawCores() },
      busy: { draw: () => this.#drawBusy() },
      memory: { draw: () => this.#drawMemory() },
      throughput: { draw: () => this.#drawThroughput() },
    }
    this.#sizes = new ResizeObserver((entries) => {
      // The size of the letters may follow that of the window.
      forgetTheme()
      for (const { target, contentRect } of entries) {
        const name = panelNames.find((each) => elements[each].canvas.parentElement === target)
        if (name === undefined) continue
        if (name !== 'cores') this.#charts[name].resize(contentRect.width, contentRect.height)
        scope.painter.invalidate(this.#panels[name], true)
      }
    })
    for (const name of panelNames) {
      const frame = elements[name].canvas.parentElement
      if (frame !== null) this.#sizes.observe(frame)
    }
  }

  /**
   * New readings have come: draws again as soon as they reach another pixel. Of ten minutes a pixel is
   * most of a second.
   */
  advance(): void {
    const trial = this.#trial()
    if (trial === null || trial.timeline.length === 0) return
    const { from, to } = this.#scope.visible
    const newest = (trial.timeline.t[trial.timeline.length - 1] as number) - originOf(trial)
    const pixel = (to - from) / Math.max(1, this.#elements.cores.canvas.clientWidth)
    const hasMoved = trial !== this.#drawnTrial || newest - this.#drawnTo >= pixel
    const isSeen = this.#drawnTo < to
    // Before the release the present is at 0, and all that was slides.
    if (trial.releasedMs === null || (hasMoved && isSeen)) this.invalidate(false)
  }

  /** @param isUrgent whether somebody waits for it */
  invalidate(isUrgent: boolean): void {
    const trial = this.#trial()
    this.#drawnTrial = trial
    const length = trial?.timeline.length ?? 0
    this.#drawnTo =
      trial === null || length === 0
        ? Number.NEGATIVE_INFINITY
        : (trial.timeline.t[length - 1] as number) - originOf(trial)
    for (const name of panelNames) this.#scope.painter.invalidate(this.#panels[name], isUrgent)
  }

  destroy(): void {
    this.#sizes.disconnect()
    for (const name of panelNames) this.#scope.painter.forget(this.#panels[name])
    for (const chart of Object.values(this.#charts)) chart.destroy()
  }

  /** Writes the reading of each panel at the cursor, or the latest. */
  readOut(): void {
    const trial = this.#trial()
    const { cursor } = this.#scope
    if (trial === null || trial.timeline.length === 0) {
      for (const name of panelNames) this.#write(name, '')
      return
    }
    const { timeline, configuration } = trial
    const x = cursor ?? this.#scope.shownAt(trial)
    const slot = timeline.slotAt(x + originOf(trial))
    if (slot < 0) {
      for (const name of panelNames) this.#write(name, '–')
      return
    }
    const busy = orNull(timeline.busyCores[slot])
    const own = orNull(timeline.treeCpu[slot])
    const ours = own === null ? '' : ` · ours ${formatNumber(own)}`
    const at = Number.isFinite(x) ? ` at ${formatTick(x)}` : ''
    this.#write('cores', coresReading(timeline, slot) + at)
    this.#tellAttribution(trial)
    this.#write(
      'busy',
      busy === null ? '–' : `${formatNumber(busy)} of ${timeline.cores} cores${ours}`,
    )

    const { separateProcesses } = modelTraits[configuration.model]
    const memory = memoryReading(timeline, slot, separateProcesses)
    this.#write('memory', ...memoryParts.map((part) => memory[part]))

    const isWhole = !Number.isFinite(x) && trial.ended !== null
    const rate = isWhole
      ? Number(trial.ended?.metrics.throughput_per_s ?? Number.NaN)
      : (throughputAt(trial, slot) ?? Number.NaN)
    this.#write('throughput', Number.isNaN(rate) ? '–' : `${formatNumber(rate)} tasks/s`)
  }

  #write(name: PanelName, ...texts: readonly string[]): void {
    this.#elements[name].readOuts.forEach((readOut, part) => {
      const text = texts[part] ?? ''
      if (readOut.textContent !== text) readOut.textContent = text
    })
  }

  /** The legend explains both colours only where there are both. */
  #tellAttribution(trial: ShownTrial): void {
    const { timeline, ended } = trial
    if (this.#legend?.trial === trial && this.#legend.isSettled) return
    // While it goes on only the latest is new.
    let slot = ended === null ? timeline.length - 1 : 0
    while (slot < timeline.length && !isAttributed(timeline, slot)) slot++
    const isKnown = slot < timeline.length
    this.#legend = { trial, isSettled: isKnown || ended !== null }
    const panel = this.#elements.cores.canvas.closest<HTMLElement>('.panel')
    if (panel !== null) panel.dataset.attributed = String(isKnown)
  }

  #drawCores(): void {
    drawHeatMap(this.#elements.cores.canvas, this.#scope, this.#trial())
  }

  #points(
    trial: ShownTrial,
    series: number,
    values: ArrayLike<number>,
    reduce: typeof meanOf,
  ): Point[] {
    const { visible } = this.#scope
    const endsAt = this.#scope.endOf(trial)
    const pixels = (this.#elements.busy.canvas.clientWidth - axisWidth()) / 2
    const points = this.#series[series] as PointSeries
    return points.points(trial, values, reduce, visible, pixels, endsAt)
  }

  #drawBusy(): void {
    const trial = this.#trial()
    const { cores } = this.#scope.axes
    const lines: Line[] = []
    if (trial !== null) {
      const { models, quiet } = theme()
      const { model, workers } = trial.configuration
      const { timeline } = trial
      const colour = models[modelTraits[model].family]
      const band = { colour: `${colour}33`, to: '-1' } as const
      const line = (series: number, values: ArrayLike<number>, reduce: typeof meanOf) =>
        this.#points(trial, series, values, reduce)
      const low = line(0, timeline.busyCoresLow, smallestOf)
      const high = line(1, timeline.busyCoresHigh, largestOf)
      const { from, to } = this.#scope.visible
      const own = line(6, timeline.treeCpu, meanOf)
      lines.push(
        { points: own, colour: 'transparent', fill: { colour: `${colour}4d`, to: 'origin' } },
        { points: low, colour: 'transparent' },
        { points: high, colour: 'transparent', fill: band },
        { points: line(2, timeline.busyCores, meanOf), colour, width: 2 },
      )
      if (workers <= cores) {
        const goal = [from, to].map((x) => ({ x, y: workers }))
        lines.push({ points: goal, colour: quiet, width: 1, dash: [4, 4] })
      }
    }
    this.#charts.busy.draw(lines, cores)
  }

  #drawMemory(): void {
    const trial = this.#trial()
    const lines: Line[] = []
    if (trial !== null) {
      const { models, lighter, text } = theme()
      const { model } = trial.configuration
      const { timeline } = trial
      const line = (series: number, values: ArrayLike<number>) =>
        this.#points(trial, series, values, largestOf)
      lines.push(
        // What comes first lies on top.
        { points: line(8, timeline.treePss), colour: text, width: 2 },
        { points: line(7, timeline.treeUss), colour: text, width: 1, dash: [3, 3] },
        {
          points: line(3, timeline.hostRss),
          colour: models[modelTraits[model].family],
          fill: { colour: `${models[modelTraits[model].family]}99`, to: 'origin' },
        },
      )
      // The band between host and tree is the workers'; under threads there is none.
      if (modelTraits[model].separateProcesses) {
        lines.push({
          points: line(4, timeline.treeRss),
          colour: lighter[modelTraits[model].family],
          fill: { colour: `${lighter[modelTraits[model].family]}88`, to: '-1' },
        })
      }
    }
    this.#charts.memory.draw(lines, this.#scope.axes.memoryBytes)
  }

  #drawThroughput(): void {
    const trial = this.#trial()
    const lines: Line[] = []
    if (trial !== null && trial.releasedMs !== null) {
      const rates = Array.from({ length: trial.timeline.length }, (_, slot) =>
        Number(throughputAt(trial, slot) ?? Number.NaN),
      )
      const points = this.#points(trial, 5, rates, lastOf)
      lines.push({
        points,
        colour: theme().models[modelTraits[trial.configuration.model].family],
        width: 2,
      })
    }
    this.#charts.throughput.draw(lines, this.#scope.axes.throughput)
  }
}
