import type { Model } from '../../shared/model/execution-model.ts'

/** The colours that charts draw with: those of the style sheet. */
export interface Theme {
  readonly quiet: string
  readonly grid: string
  readonly font: string
  /** Pixels of a rem. */
  readonly rem: number
  readonly models: Readonly<Record<Model, string>>
  /** A second, lighter shade of each. */
  readonly lighter: Readonly<Record<Model, string>>
  /** Colour of a busy fraction, in steps of 1 %, as little-endian RGBA. */
  readonly heat: Uint32Array
  readonly notRead: number
}

let current: Theme | undefined

/** Read once, and again when the system changes between light and dark. */
export function theme(): Theme {
  current ??= readTheme()
  return current
}

export function forgetTheme(): void {
  current = undefined
}

export function onThemeChange(listener: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((each) =>
    matchMedia(each),
  )
  const change = () => {
    forgetTheme()
    listener()
  }
  for (const query of queries) query.addEventListener('change', change)
  return () => {
    for (const query of queries) query.removeEventListener('change', change)
  }
}

function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const models = {
    inline: colour('inline'),
    threads: colour('threads'),
    processes: colour('processes'),
  }
  return {
    quiet: colour('text-quiet'),
    grid: colour('line'),
    font: colour('font'),
    rem: Number.parseFloat(style.fontSize),
    models,
    lighter: {
      inline: colour('inline-light'),
      threads: colour('threads-light'),
      processes: colour('processes-light'),
    },
    heat: ramp([0, 1, 2, 3, 4].map((step) => rgb(colour(`heat-${step}`)))),
    notRead: packed(rgb(colour('sunken'))),
  }
}

type Rgb = readonly [number, number, number]

function ramp(stops: readonly Rgb[]): Uint32Array {
  return Uint32Array.from({ length: 101 }, (_, percent) => {
    const place = (percent / 100) * (stops.length - 1)
    const low = Math.min(stops.length - 2, Math.floor(place))
    const share = place - low
    const [from, to] = [stops[low] as Rgb, stops[low + 1] as Rgb]
    const mix = (channel: 0 | 1 | 2) =>
      Math.round(from[channel] + (to[channel] - from[channel]) * share)
    return packed([mix(0), mix(1), mix(2)])
  })
}

function packed([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

/** @param text `#rrggbb` */
function rgb(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
