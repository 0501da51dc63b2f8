import type { Axis } from '../model/chart.ts'

/** How far an axis reaches, and where it has marks. */
export interface AxisMarks {
  readonly min: number
  readonly max: number
  readonly marks: readonly number[]
}

/**
 * Round marks for values on an axis, so few that their texts do not touch.
 *
 * @param values what is to be seen; what a logarithm has no place for is left out
 * @param isTight ends with the values instead of at marks
 * @param most how many marks there is room for
 */
export function axisMarks(
  values: readonly number[],
  axis: Pick<Axis, 'scale' | 'quantity'>,
  { isTight, most }: { readonly isTight: boolean; readonly most: number },
): AxisMarks {
  const isLogarithmic = axis.scale === 'logarithmic'
  const seen = values.filter((each) => Number.isFinite(each) && (!isLogarithmic || each > 0))
  const room = Math.max(2, Math.floor(most))
  if (seen.length === 0) return isLogarithmic ? ends([1, 10]) : ends([0, 1])
  const low = Math.min(...seen)
  const high = Math.max(...seen)
  return isLogarithmic
    ? logarithmic(low, high, axis.quantity === 'bytes' ? 2 : 10, isTight, room)
    : linear(low, high, axis.quantity === 'bytes' ? 2 : 10, isTight, room)
}

function ends(marks: readonly [number, number]): AxisMarks {
  return { min: marks[0], max: marks[1], marks }
}

/** Steps between exponents: of two up to those from B to KiB to MiB, of ten up to six orders. */
const powerSteps = { 2: [1, 2, 4, 5, 10], 10: [1, 2, 3, 6] } as const

function logarithmic(
  low: number,
  high: number,
  base: 2 | 10,
  isTight: boolean,
  most: number,
): AxisMarks {
  // Within an order there are too few powers: then 1, 2 and 5 times each.
  if (base === 10 && high / low < 100) return withinOrders(low, high, isTight, most)
  const first = exponent(low, base)
  const last = exponent(high, base)
  const step = powerSteps[base].find((each) => (last - first) / each + 1 <= most) ?? 10
  const from = (isTight ? Math.ceil : Math.floor)(nearly(first / step))
  const to = (isTight ? Math.floor : Math.ceil)(nearly(last / step))
  const marks = span(from, to).map((each) => power(base, each * step))
  // A curve that is flat is seen in the middle.
  if (low === high && isTight) return { min: low / base, max: high * base, marks: [low] }
  const outer = { min: low / 1.1, max: high * 1.1 }
  if (isTight) return { min: low, max: high, marks }
  return { ...outer, ...boundsOf(marks, low, high), marks }
}

function withinOrders(low: number, high: number, isTight: boolean, most: number): AxisMarks {
  const first = Math.floor(Math.log10(low)) - 1
  const last = Math.ceil(Math.log10(high)) + 1
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const all = span(first, last).flatMap((each) => factors.map((by) => by * power(10, each)))
    const below = all.filter((each) => each <= low * 1.0001).at(-1) ?? low
    const above = all.find((each) => each >= high * 0.9999) ?? high
    const marks = all.filter((each) =>
      isTight
        ? each >= low * 0.9999 && each <= high * 1.0001
        : each >= below && each <= (above === below ? above * 10 : above),
    )
    if (marks.length > most && factors.length > 1) continue
    if (isTight) {
      return low === high
        ? { min: low / 2, max: high * 2, marks: [low] }
        : { min: low, max: high, marks }
    }
    return { ...boundsOf(marks, low, high), marks }
  }
  return ends([low, high])
}

function linear(
  low: number,
  high: number,
  base: 2 | 10,
  isTight: boolean,
  most: number,
): AxisMarks {
  // A length begins at nothing, or it would not be one.
  const from = isTight ? low : Math.min(0, low)
  const to = isTight ? high : Math.max(0, high)
  if (from === to) {
    const away = Math.abs(from) / 2 || 1
    return isTight
      ? { min: from - away, max: from + away, marks: [from] }
      : ends([Math.min(0, from), Math.max(1, to)])
  }
  const step = roundStep((to - from) / (most - 1), base)
  const marks = span(
    isTight ? Math.ceil(nearly(from / step)) : Math.floor(nearly(from / step)),
    isTight ? Math.floor(nearly(to / step)) : Math.ceil(nearly(to / step)),
  ).map((each) => Number((each * step).toPrecision(12)))
  if (isTight) return { min: from, max: to, marks }
  return { ...boundsOf(marks, from, to), marks }
}

/** The smallest round step that is no smaller than wanted: 1, 2 or 5 times a power of ten; of bytes, a power of two. */
function roundStep(wanted: number, base: 2 | 10): number {
  if (base === 2) return 2 ** Math.ceil(nearly(Math.log2(wanted)))
  const size = 10 ** Math.floor(Math.log10(wanted))
  return ([1, 2, 5, 10].find((each) => each * size >= wanted * 0.9999) ?? 10) * size
}

function boundsOf(marks: readonly number[], low: number, high: number) {
  return { min: Math.min(low, marks[0] ?? low), max: Math.max(high, marks.at(-1) ?? high) }
}

function exponent(value: number, base: 2 | 10): number {
  return base === 2 ? Math.log2(value) : Math.log10(value)
}

function power(base: number, exponent: number): number {
  return Number((base ** exponent).toPrecision(12))
}

/** Without what the logarithm of a power has lost. */
function nearly(value: number): number {
  return Number(value.toPrecision(10))
}

function span(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at)
}
