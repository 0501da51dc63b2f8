import { formatNumber } from './format.ts'
import type { Axis } from './model/chart.ts'

/*
 * Values of an axis as they are read: 16 B, 1 KiB, 12.4 µs, 3.2 tasks/s.
 */

type Measure = Pick<Axis, 'quantity' | 'unit'>

/** Three digits, and what it is counted in. */
export function formatQuantity(value: number, measure: Measure): string {
  if (!Number.isFinite(value)) return '–'
  return joined(partsOf(value, measure, measure.quantity === 'milliseconds' ? measured : digits))
}

/** The same on an axis, where the unit of plain numbers stands beside its name. */
export function formatMark(value: number, measure: Measure): string {
  return joined(partsOf(value, { ...measure, unit: '' }, bare))
}

/** A value with its interval, the unit written once where all have the same: `12.0 µs (11.3 to 12.6)`. */
export function formatWithInterval(
  value: number,
  [low, high]: readonly [low: number, high: number],
  measure: Measure,
): string {
  const write = measure.quantity === 'milliseconds' ? measured : digits
  const [middle, ...ends] = [value, low, high].map((each) => partsOf(each, measure, write))
  const isSame = ends.every(([, unit]) => unit === middle?.[1])
  const [from, to] = ends.map((end) => (isSame ? end[0] : joined(end)))
  return `${formatQuantity(value, measure)} (${from} to ${to})`
}

/** An axis by its name, with the unit where its marks do not say it. */
export function axisTitle({ label, quantity, unit }: Axis): string {
  return quantity === 'number' && unit !== '' ? `${label} (${unit})` : label
}

/** The same beside a drawn axis: on a logarithm a length is no amount, which must be said. */
export function axisCaption(axis: Axis): string {
  return axis.scale === 'logarithmic' ? `${axisTitle(axis)}, logarithmic` : axisTitle(axis)
}

type Unit = readonly [size: number, name: string]

const byteUnits: readonly Unit[] = [
  [1, 'B'],
  [2 ** 10, 'KiB'],
  [2 ** 20, 'MiB'],
  [2 ** 30, 'GiB'],
]

/** From ms. */
const timeUnits: readonly Unit[] = [
  [1e-6, 'ns'],
  [1e-3, 'µs'],
  [1, 'ms'],
  [1e3, 's'],
]

type Written = readonly [number: string, unit: string]

function partsOf(
  value: number,
  { quantity, unit }: Measure,
  write: (value: number) => string,
): Written {
  switch (quantity) {
    case 'bytes':
      return scaled(value, byteUnits, write)
    case 'milliseconds':
      return scaled(value, timeUnits, write)
    case 'percent':
      return [write(value), '%']
    case 'number':
      return [write(value), unit]
  }
}

function joined([number, unit]: Written): string {
  return unit === '' || unit === '×' ? `${number}${unit}` : `${number} ${unit}`
}

function scaled(value: number, units: readonly Unit[], write: (value: number) => string): Written {
  // What would round up to the next unit is written in it.
  const size = Math.abs(value) * 1.0005
  const [one, name] =
    value === 0
      ? (units.find(([each]) => each === 1) as Unit)
      : (units.findLast(([each]) => each <= size) ?? (units[0] as Unit))
  return [write(value / one), name]
}

/** What is counted is written whole. */
function digits(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? bare(value) : measured(value)
}

function measured(value: number): string {
  const size = Math.abs(value)
  // What is not nothing is not written as 0.
  const text = size < 0.01 && size > 0 ? value.toPrecision(2) : formatNumber(value)
  return text.replace('-', '−')
}

const grouped = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })

function bare(value: number): string {
  if (Math.abs(value) >= 1e6) return `${grouped.format(value / 1e6)} M`
  return grouped.format(value).replace('-', '−')
}
