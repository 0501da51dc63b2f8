import { mixed, type Rgb } from '../../../shared/drawing/heat-palette.ts'
import { type Family, type Model, modelTraits } from '../../../shared/model/execution-model.ts'

/** The colours that charts are drawn with. */
export interface Palette {
  readonly surface: string
  readonly text: string
  readonly quiet: string
  readonly grid: string
  readonly notRead: string
  readonly models: Readonly<Record<Family, string>>
  /** From idle to busy: a core that does the run's own work, and one that does that of others. */
  readonly heat: readonly string[]
  readonly others: readonly string[]
  /** One colour with a share, 0–1, of another. */
  mix(from: string, to: string, share: number): string
}

export type ThemeName = 'light' | 'dark'

type Colours = Omit<Palette, 'mix'>

/** As renderer/design/tokens.css has them; a test holds the two together. */
export const themeColours: Readonly<Record<ThemeName, Colours>> = {
  light: {
    surface: '#ffffff',
    text: '#161b23',
    quiet: '#515b69',
    grid: '#dfe3e9',
    notRead: '#eceff3',
    models: { inline: '#0a7a60', threads: '#0b6cb4', processes: '#c04d16' },
    heat: ['#f1eff5', '#d5c4e4', '#ac86cc', '#7b45a6', '#3f1466'],
    others: ['#f1eff5', '#d9dade', '#c0c2c6', '#a6a8ad', '#8c8f94'],
  },
  dark: {
    surface: '#191d24',
    text: '#e9ecf1',
    quiet: '#a6b0be',
    grid: '#2a303a',
    notRead: '#0c0e12',
    models: { inline: '#3fbf9c', threads: '#58b1f3', processes: '#f08a4f' },
    heat: ['#1f1b29', '#41295e', '#73419f', '#b66dd9', '#f4caff'],
    others: ['#1f1b29', '#35363b', '#4d4f54', '#686b70', '#84878c'],
  },
}

/** Of a file that stands alone: the colours of one theme. */
export function concretePalette(theme: ThemeName): Palette {
  return { ...themeColours[theme], mix: mixedColour }
}

/** Within a page: its variables, so that a picture follows the page's theme. */
export const variablePalette: Palette = {
  surface: 'var(--surface)',
  text: 'var(--text)',
  quiet: 'var(--quiet)',
  grid: 'var(--grid)',
  notRead: 'var(--not-read)',
  models: { inline: 'var(--inline)', threads: 'var(--threads)', processes: 'var(--processes)' },
  heat: [0, 1, 2, 3, 4].map((step) => `var(--heat-${step})`),
  others: [0, 1, 2, 3, 4].map((step) => `var(--others-${step})`),
  mix: (from, to, share) =>
    share === 0 ? from : `color-mix(in srgb, ${to} ${percent(share)}, ${from})`,
}

/** What a page declares, so that `variablePalette` means this theme. */
export function variablesOf(theme: ThemeName): string {
  const { surface, text, quiet, grid, notRead, models, heat, others } = themeColours[theme]
  const all = [
    ...Object.entries({ surface, text, quiet, grid, 'not-read': notRead, ...models }),
    ...heat.map((colour, step) => [`heat-${step}`, colour]),
    ...others.map((colour, step) => [`others-${step}`, colour]),
  ]
  return all.map(([name, colour]) => `--${name}:${colour}`).join(';')
}

/** The colour of a series: of its model, darker where two of a model are told apart; else of text. */
export function seriesColour(palette: Palette, model: Model | null, darker: number): string {
  if (model === null) return darker === 0 ? palette.quiet : palette.text
  return palette.mix(palette.models[modelTraits[model].family], palette.text, darker)
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`
}

/** As hex, which every program that reads SVG knows. */
function mixedColour(from: string, to: string, share: number): string {
  const hex = mixed(rgb(from), rgb(to), share).map((each) => each.toString(16).padStart(2, '0'))
  return `#${hex.join('')}`
}

function rgb(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
