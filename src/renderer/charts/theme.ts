import { heatPalette, mixed, packed, type Rgb } from '../../shared/drawing/heat-palette.ts'
import type { Family } from '../../shared/model/execution-model.ts'

/** The colours that charts draw with: those of the style sheet. */
export interface Theme {
  readonly surface: string
  readonly text: string
  readonly quiet: string
  readonly grid: string
  readonly font: string
  /** Pixels of a rem. */
  readonly rem: number
  readonly models: Readonly<Record<Family, string>>
  /** A second, lighter shade of each. */
  readonly lighter: Readonly<Record<Family, string>>
  /** Colours of a core, by `heatIndex`. */
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
  const ramp = (name: string) => [0, 1, 2, 3, 4].map((step) => rgb(colour(`${name}-${step}`)))
  return {
    surface: colour('surface'),
    text: colour('text'),
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
    heat: heatPalette(ramp('heat'), ramp('others')),
    notRead: packed(rgb(colour('sunken'))),
  }
}

/**
 * One colour with a share, 0–1, of another, as `color-mix(in srgb, …)` has it.
 *
 * @param from `#rrggbb`
 */
export function mixedColours(from: string, to: string, share: number): string {
  return `rgb(${mixed(rgb(from), rgb(to), share).join(' ')})`
}

/** @param text `#rrggbb`, or `#rgb`, as a build writes what can be written so */
function rgb(text: string): Rgb {
  const digits = text.slice(1)
  const whole = digits.length === 3 ? [...digits].map((each) => each + each).join('') : digits
  const value = Number.parseInt(whole, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
