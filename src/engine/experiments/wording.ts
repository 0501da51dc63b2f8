import { formatQuantity } from '../../shared/quantity.ts'

/** A time as charts write it, three digits in the unit it deserves: `311 µs`, `41.3 ms`, `1.14 s`. */
export function duration(ms: number): string {
  return formatQuantity(ms, { quantity: 'milliseconds', unit: '' })
}

/** A time that lies between measured points, and is no surer than that: two digits. */
export function about(ms: number): string {
  const text = duration(Number(ms.toPrecision(2)))
  return `about ${text.replace(/(\.\d*?)\.?0+ /, '$1 ').replace('. ', ' ')}`
}

/** How one figure is to another: `1.9 times as long`, or `about as long` where two digits show no more. */

/** How many times: two digits, for trials are rarely surer than that. */
export function times(ratio: number): string {
  return `${Number(ratio.toPrecision(2)).toLocaleString('en-US', { maximumSignificantDigits: 2 })} times`
}
