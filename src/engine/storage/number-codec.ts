import { type ByteReader, type ByteWriter, unzigzag, zigzag } from './byte-stream.ts'

/*
 * Columns of one kind of number, one after the other, as bytes that deflate well:
 *
 *   how | digits | which are read (a bit each, where some are not) | numbers
 *
 * A number is kept as a whole multiple of 10^-digits, and of that the difference from the one before in
 * its column, or, where that is the smaller sum, the number itself; the first of a column as the
 * difference from the first of the column before. These are zigzagged, and their bytes sorted by
 * significance. Where a number is no such multiple, or too large, all of them are kept as doubles.
 */

/** In `how`: the bytes of a number; `doubles` for those. */
const widthBits = 0x0f
const doubles = 0x08
const hasGaps = 0x10
const hasDifferences = 0x20

/** So that the difference of two is still exact when it is doubled. */
const mostWhole = 2 ** 50
const powers = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]

/**
 * @param values column after column; NaN for what was not read
 * @param digits after the point that are kept, 0–6; with 0 whole numbers are exact and nothing is rounded
 * @param isExact nothing is rounded with more digits either
 */
export function writeNumbers(
  to: ByteWriter,
  values: Float64Array,
  rows: number,
  digits: number,
  isExact = false,
): void {
  const numbers = wholeNumbers(values, digits, isExact || digits === 0)
  const read = numbers === null ? countRead(values) : numbers.read
  const gaps = read < values.length ? hasGaps : 0
  if (numbers === null) {
    to.byte(doubles | gaps)
    to.byte(0)
    if (gaps !== 0) writeGaps(to, values)
    writeDoubles(to, values, read)
    return
  }
  const { whole } = numbers
  const plain = codes(values, whole, rows, read, false)
  const differences = codes(values, whole, rows, read, true)
  const chosen = differences.sum < plain.sum ? differences : plain
  const width = bytesOf(chosen.largest)
  to.byte(width | gaps | (chosen === differences ? hasDifferences : 0))
  to.byte(digits)
  if (gaps !== 0) writeGaps(to, values)
  writePlanes(to, chosen.codes, width)
}

/** @throws Error where the bytes are not those of `writeNumbers` */
export function readNumbers(from: ByteReader, count: number, rows: number): Float64Array {
  const how = from.byte()
  const digits = from.byte()
  const width = how & widthBits
  const factor = powers[digits]
  if (width > doubles || factor === undefined) throw new Error('its numbers are of no known kind')
  const isRead = (how & hasGaps) === 0 ? null : readGaps(from, count)
  const read = isRead === null ? count : isRead.reduce((sum, one) => sum + one, 0)
  const planes = from.bytes.subarray(from.take(width * read))
  const values = new Float64Array(count).fill(Number.NaN)
  if (width === doubles) {
    readDoubles(values, planes, read, isRead)
    return values
  }
  const isDifference = (how & hasDifferences) !== 0
  let place = 0
  let base = 0
  for (let column = 0; column < count; column += rows) {
    let before = base
    let isFirst = true
    for (let at = column; at < column + rows; at++) {
      if (isRead !== null && isRead[at] === 0) continue
      let code = 0
      for (let plane = width - 1; plane >= 0; plane--) {
        code = code * 256 + (planes[place + plane * read] as number)
      }
      place++
      const whole = unzigzag(code) + (isFirst || isDifference ? before : 0)
      if (isFirst) base = whole
      isFirst = false
      before = whole
      values[at] = whole / factor
    }
  }
  return values
}

/** By value: 1 where it was read. */
function readGaps(from: ByteReader, count: number): Uint8Array {
  const at = from.take(Math.ceil(count / 8))
  return Uint8Array.from(
    { length: count },
    (_, index) => ((from.bytes[at + (index >> 3)] as number) >> (index & 7)) & 1,
  )
}

function readDoubles(
  values: Float64Array,
  planes: Buffer,
  read: number,
  isRead: Uint8Array | null,
): void {
  const one = Buffer.allocUnsafe(8)
  let place = 0
  for (let at = 0; at < values.length; at++) {
    if (isRead !== null && isRead[at] === 0) continue
    for (let plane = 0; plane < 8; plane++) one[plane] = planes[place + plane * read] as number
    values[at] = one.readDoubleLE()
    place++
  }
}

/** Null where one cannot be kept so. */
function wholeNumbers(
  values: Float64Array,
  digits: number,
  isExact: boolean,
): { readonly whole: Float64Array; readonly read: number } | null {
  const factor = powers[digits] as number
  const whole = new Float64Array(values.length)
  let read = 0
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number
    if (Number.isNaN(value)) continue
    read++
    const number = Math.round(value * factor)
    if (Math.abs(number) > mostWhole || (isExact && number / factor !== value)) return null
    whole[at] = number
  }
  return { whole, read }
}

function countRead(values: Float64Array): number {
  let read = 0
  for (const value of values) if (!Number.isNaN(value)) read++
  return read
}

/** What is written for each number that was read. */
function codes(
  values: Float64Array,
  whole: Float64Array,
  rows: number,
  read: number,
  isDifference: boolean,
): { readonly codes: Float64Array; readonly sum: number; readonly largest: number } {
  const codes = new Float64Array(read)
  let [sum, largest, base, count] = [0, 0, 0, 0]
  for (let column = 0; column < values.length; column += rows) {
    let isFirst = true
    let before = 0
    for (let at = column; at < column + rows; at++) {
      if (Number.isNaN(values[at] as number)) continue
      const number = whole[at] as number
      const code = zigzag(number - (isFirst ? base : isDifference ? before : 0))
      if (isFirst) base = number
      isFirst = false
      before = number
      codes[count++] = code
      sum += code
      if (code > largest) largest = code
    }
  }
  return { codes, sum, largest }
}

function bytesOf(largest: number): number {
  let width = 0
  for (let left = largest; left >= 1; left /= 256) width++
  return width
}

function writeGaps(to: ByteWriter, values: Float64Array): void {
  const length = Math.ceil(values.length / 8)
  const from = to.reserve(length)
  to.bytes.fill(0, from, from + length)
  for (let at = 0; at < values.length; at++) {
    if (Number.isNaN(values[at] as number)) continue
    const place = from + (at >> 3)
    to.bytes[place] = (to.bytes[place] as number) | (1 << (at & 7))
  }
}

function writePlanes(to: ByteWriter, codes: Float64Array, width: number): void {
  const count = codes.length
  const from = to.reserve(width * count)
  const { bytes } = to
  for (let at = 0; at < count; at++) {
    const code = codes[at] as number
    const low = code % 2 ** 32
    const high = (code - low) / 2 ** 32
    for (let plane = 0; plane < width; plane++) {
      bytes[from + plane * count + at] = plane < 4 ? low >>> (8 * plane) : high >>> (8 * plane - 32)
    }
  }
}

function writeDoubles(to: ByteWriter, values: Float64Array, read: number): void {
  const from = to.reserve(8 * read)
  const one = Buffer.allocUnsafe(8)
  let place = from
  for (const value of values) {
    if (Number.isNaN(value)) continue
    one.writeDoubleLE(value)
    for (let plane = 0; plane < 8; plane++) to.bytes[place + plane * read] = one[plane] as number
    place++
  }
}
