import { Chart, type ChartConfiguration } from 'chart.js'
import { forgetTheme, onThemeChange, theme } from './theme.ts'

/** A drawn chart of findings: what the page around it needs to know of it. */
export interface FindingsPlot {
  /** Shows one of its places, or none, as the one that is pointed at. */
  point(place: number | null): void
  /** The place nearest to the pointer, in pixels from the left and the top of the canvas. */
  nearest(x: number, y: number): number | null
  /** Where a place is, in the same pixels. */
  positionOf(place: number): { readonly x: number; readonly y: number }
  destroy(): void
}

/** Letters of a chart: those of hints, and none are smaller. */
export function chartFont(): string {
  const { font, rem } = theme()
  return `${0.8 * rem}px ${font}`
}

/** Options that all charts of findings have: what is drawn is still, and whatever moves is ours. */
export const stillOptions = {
  animation: false,
  parsing: false,
  normalized: true,
  responsive: false,
  maintainAspectRatio: false,
  events: [],
  plugins: { legend: { display: false }, tooltip: { enabled: false } },
} satisfies ChartConfiguration['options']

/**
 * Keeps a drawing as sharp and as large as its frame, and in the colours of the system, until it is
 * released.
 *
 * @param draw called once the chart has its size
 * @returns releases it
 */
export function keepDrawn(chart: Chart, frame: HTMLElement, draw: () => void): () => void {
  return keepCurrent(frame, () => {
    const { font, rem } = theme()
    Object.assign(Chart.defaults.font, { family: font, size: 0.8 * rem })
    chart.options.devicePixelRatio = devicePixelRatio
    chart.resize(frame.clientWidth, frame.clientHeight)
    draw()
  })
}

/**
 * Draws whenever the size of the frame, the colours or the density of the screen are others, until it is
 * released.
 *
 * @returns releases it
 */
export function keepCurrent(frame: HTMLElement, draw: () => void): () => void {
  const refresh = () => {
    if (frame.clientWidth === 0 || frame.clientHeight === 0) return
    // The size of the letters may follow that of the window.
    forgetTheme()
    draw()
  }
  const sizes = new ResizeObserver(refresh)
  sizes.observe(frame)
  const releaseTheme = onThemeChange(refresh)
  // A window that is moved to another screen, or zoomed, keeps its size at times.
  let density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
  const changeDensity = () => {
    density.removeEventListener('change', changeDensity)
    density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    density.addEventListener('change', changeDensity)
    refresh()
  }
  density.addEventListener('change', changeDensity)
  return () => {
    sizes.disconnect()
    releaseTheme()
    density.removeEventListener('change', changeDensity)
  }
}
