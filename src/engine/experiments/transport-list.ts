import { formatNumber } from '../../shared/format.ts'
import type { Model } from '../../shared/model/execution-model.ts'
import type { ParameterValues } from '../../shared/model/workload.ts'

/** A way to bring bytes to a partner and back. */
export interface TransportName {
  readonly name: string
  readonly model: Extract<Model, 'threads' | 'processes'>
  /** As it is said in a sentence: what one does. */
  readonly doing: string
  /** What becomes of the bytes, one way. */
  readonly how: string
  /** The bytes are made a text, which has a longest. */
  readonly isText: boolean
}

export const transportNames: readonly TransportName[] = [
  {
    name: 'structured clone',
    model: 'threads',
    doing: 'a structured clone',
    how: 'copied into a message and out of it',
    isText: false,
  },
  {
    name: 'transfer',
    model: 'threads',
    doing: 'a transfer',
    how: 'not copied: the memory changes hands',
    isText: false,
  },
  {
    name: 'shared memory',
    model: 'threads',
    doing: 'shared memory',
    how: 'copied in and out, with a signal of Atomics',
    isText: false,
  },
  {
    name: 'fork json',
    model: 'processes',
    doing: 'fork with json',
    how: 'as base64 in JSON, through a pipe',
    isText: true,
  },
  {
    name: 'fork advanced',
    model: 'processes',
    doing: 'fork with advanced serialization',
    how: 'serialized, through a pipe',
    isText: false,
  },
  {
    name: 'pipe',
    model: 'processes',
    doing: 'a raw pipe',
    how: 'as they are behind their length, through a pipe',
    isText: false,
  },
  {
    name: 'file',
    model: 'processes',
    doing: 'a file',
    how: 'written to a file, told of, and read',
    isText: false,
  },
]

export function transportsOf(models: readonly Model[]): TransportName[] {
  return transportNames.filter(({ model }) => models.includes(model))
}

/**
 * Largest payload that goes as text, in bytes: V8's strings have 2^29 − 24 characters at most, base64 makes
 * four characters of three bytes, and JSON puts quotes and the end of a line around them.
 */
export const largestText = Math.floor((2 ** 29 - 24 - 3) / 4) * 3

const step = 16

/** Each 16 times the one before, from the smallest to the largest, in bytes. */
export function payloadSizes(parameters: ParameterValues): number[] {
  const { smallest_bytes: smallest, largest_bytes: largest } = parameters
  const sizes: number[] = []
  for (let size = Number(smallest); size < Number(largest); size *= step) sizes.push(size)
  return [...sizes, Number(largest)]
}

/** Payload as it is said: `16 B`, `4 KiB`, `1 MiB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(3, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 0 : 1
  return `${value.toFixed(digits)} ${['B', 'KiB', 'MiB', 'GiB'][power]}`
}

/** Time as it is said: `12.3 µs`, `4.56 ms`, `1.20 s`. */
export function timeText(ms: number): string {
  if (ms < 1) return `${Number((ms * 1000).toPrecision(3))} µs`
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`
  return `${Number((ms / 1000).toPrecision(3))} s`
}

/** Throughput as it is said: `812 MB/s`, `6,711 GB/s`; of 10^6 and 10^9 bytes. */
export function rateText(megabytesPerS: number): string {
  return megabytesPerS >= 10_000
    ? `${formatNumber(megabytesPerS / 1000)} GB/s`
    : `${formatNumber(megabytesPerS)} MB/s`
}
