import { type Model, modelTraits } from './model/execution-model.ts'
import { printable } from './model/problem.ts'

/** A number with as many digits as a reader can use: three, and no more than its size deserves. */
export function formatNumber(value: number): string {
  const size = Math.abs(Number(value.toPrecision(3)))
  if (size === 0) return '0'
  if (size >= 1e6) return `${(value / 1e6).toFixed(size >= 1e8 ? 0 : size >= 1e7 ? 1 : 2)} M`
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
  return (withDigits[digits] as Intl.NumberFormat).format(value)
}

/** Made once: making one costs a hundred times what using it does. */
const withDigits = [0, 1, 2, 3].map(
  (digits) =>
    new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }),
)

export function formatBytes(bytes: number): string {
  const mebibytes = bytes / 1024 / 1024
  return mebibytes >= 1023.5
    ? `${formatNumber(mebibytes / 1024)} GiB`
    : `${formatNumber(mebibytes)} MiB`
}

/** What something takes on the disk, which is often less than the mebibytes that memory is told in. */
export function formatStored(bytes: number): string {
  if (bytes === 0) return '0'
  if (bytes >= 1024 * 1024) return formatBytes(bytes)
  return `${Math.max(1, Math.round(bytes / 1024)).toLocaleString('en-US')} KiB`
}

export function formatMs(ms: number): string {
  return ms >= 10_000 ? `${formatNumber(ms / 1000)} s` : `${formatNumber(ms)} ms`
}

/**
 * A span in words that a waiting person reads: `48 s`, `3 min 20 s`, `2 h 5 min`. There is none before 0:
 * a run of another machine may end before it began, where its clock was set meanwhile.
 */
export function formatSpan(ms: number): string {
  if (ms < 0) return '–'
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A user's text on one line of a terminal, cut to a length. */
export function formatText(text: string, most = 60): string {
  const line = printable(text)
  const characters = [...line]
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line
}

/** When, in the reader's own time zone. */
export function formatTime(iso: string): string {
  const time = new Date(iso)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

/** A configuration in the words of the plan, with what else sets it apart. */
export function formatConfiguration({
  model,
  workers,
  variant,
}: {
  model: string
  workers: number
  variant?: string | null
}): string {
  const name = model === 'inline' ? 'inline' : `${model} × ${workers}`
  return variant == null ? name : `${name}, ${variant}`
}

/** So many workers of a model, as `1 thread` or `4 processes`. */
export function formatWorkers(workers: number, model: Model): string {
  const { worker, workers: several } = modelTraits[model]
  return `${workers} ${workers === 1 ? worker : several}`
}

/** A ratio, as `1.94×`; of a small one two digits that count, as `0.00035×`: it is not 0. */
export function formatRatio(ratio: number): string {
  const small = ratio > 0 ? Math.min(6, 1 - Math.floor(Math.log10(ratio))) : 3
  const digits = ratio >= 100 ? 0 : ratio >= 10 ? 1 : ratio >= 0.1 ? 2 : small
  return `${ratio.toFixed(digits)}×`
}

/** An interval of a ratio, as `1.90 to 1.98`; a bound that is not 1 is not written as 1. */
export function formatInterval([low, high]: readonly [number, number]): string {
  return `${formatBound(low)} to ${formatBound(high)}`
}

/** The same as narrow as a column wants it, `1.90–1.98`, both ends with as many digits as a ratio has. */
export function formatRange(ends: readonly [low: number, high: number]): string {
  return ends.map((end) => formatRatio(end).slice(0, -1)).join('–')
}

function formatBound(bound: number): string {
  const text = formatRatio(bound).slice(0, -1)
  if (Number(text) !== 1 || bound === 1) return text
  const closer = bound.toFixed(4)
  return Number(closer) === 1 ? text : closer
}

/** A probability, as `0.0002`, `0.35` or `< 0.0001`. */
export function formatProbability(p: number): string {
  if (p < 0.0001) return '< 0.0001'
  return p.toFixed(p < 0.0995 ? 4 : 2)
}

/** How sure a ratio is: `95 % interval 1.02 to 1.08, p = 0.003`; empty where nothing is known of it. */
export function formatEvidence({
  ci95,
  p,
}: {
  readonly ci95: readonly [number, number] | null
  readonly p: number | null
}): string {
  if (p === null) return ''
  const interval = ci95 === null ? 'no interval' : `95 % interval ${formatInterval(ci95)}`
  const probability = formatProbability(p)
  return `${interval}, p ${probability.startsWith('<') ? probability : `= ${probability}`}`
}

/** A fraction as per cent. */
export function formatPercent(fraction: number): string {
  const percent = fraction * 100
  return `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`
}

/**
 * A time on the axis, from the release of the barrier.
 *
 * @param step ms that are to be told apart
 */
export function formatTick(ms: number, step = 1): string {
  const rounded = Math.round(ms / step) * step
  const size = Math.abs(rounded)
  if (size === 0) return '0'
  if (size < 1000) return `${Math.round(rounded)} ms`
  const digits = Math.max(0, Math.min(3, Math.ceil(-Math.log10(step / 1000))))
  if (size < 60_000) return `${(rounded / 1000).toFixed(digits)} s`
  const seconds = ((size % 60_000) / 1000).toFixed(digits)
  const padded = seconds.padStart(digits === 0 ? 2 : digits + 3, '0')
  return `${rounded < 0 ? '-' : ''}${Math.floor(size / 60_000)}:${padded} min`
}

/** Parameters on one line. */
export function formatParameters(parameters: Readonly<Record<string, number>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${value.toLocaleString('en-US')}`)
    .join(', ')
}
