import { readFileSync, writeFileSync } from 'node:fs'
import { applicationId, migrations } from '../migrations.ts'

/*
 * The first page of a database holds a header of 100 bytes and the beginning of the list of its tables
 * (https://sqlite.org/fileformat2.html). Ours are always made with pages of 4096 bytes, and their list
 * of tables is too long for one page: the first page then only says which pages hold it.
 */

const pageSize = 4096
const headerSize = 100
const leafPage = 13
const interiorPage = 5

/**
 * Gives a file whose beginning is lost another: first its header alone, then a whole first page, for
 * which the pages that hold the list of tables are looked for.
 *
 * @param isReadable tries what is there now
 * @returns whether it can be read
 */
export function restoreFirstPage(path: string, isReadable: () => boolean): boolean {
  const bytes = readFileSync(path)
  const pages = Math.floor(bytes.length / pageSize)
  if (pages < 2) return false
  const header = headerFor(pages)
  const lists = schemaPages(bytes, pages)
  const candidates: Buffer[] = [Buffer.from(bytes.subarray(headerSize, pageSize))]
  if (lists.length > 0) candidates.push(listOf(lists))
  for (const rest of candidates) {
    header.copy(bytes, 0)
    rest.copy(bytes, headerSize)
    writeFileSync(path, bytes)
    if (isReadable()) return true
  }
  return false
}

function headerFor(pages: number): Buffer {
  const header = Buffer.alloc(headerSize)
  header.write('SQLite format 3\0', 0, 'latin1')
  header.writeUInt16BE(pageSize, 16)
  // Version 2: with a WAL.
  header.set([2, 2, 0, 64, 32, 32], 18)
  header.writeUInt32BE(1, 24)
  header.writeUInt32BE(pages, 28)
  header.writeUInt32BE(1, 40)
  header.writeUInt32BE(4, 44)
  // UTF-8.
  header.writeUInt32BE(1, 56)
  header.writeUInt32BE(migrations.length, 60)
  header.writeUInt32BE(applicationId, 68)
  header.writeUInt32BE(1, 92)
  return header
}

interface SchemaPage {
  readonly page: number
  /** The largest row number on it. */
  readonly last: number
}

/** Pages that hold rows of `sqlite_schema`, by their rows. */
function schemaPages(bytes: Buffer, pages: number): SchemaPage[] {
  const found: SchemaPage[] = []
  for (let page = 2; page <= pages; page++) {
    const at = (page - 1) * pageSize
    const last = lastOfSchema(bytes.subarray(at, at + pageSize))
    if (last !== null) found.push({ page, last })
  }
  // Of two that hold the same rows one was left behind: the later one stands further back.
  const byLast = new Map(found.map((each) => [each.last, each]))
  return [...byLast.values()].sort((a, b) => a.last - b.last)
}

/** The largest row number on a page of the list of tables; null of any other page. */
function lastOfSchema(page: Buffer): number | null {
  if (page[0] !== leafPage) return null
  const cells = page.readUInt16BE(3)
  if (cells === 0 || 8 + 2 * cells > pageSize) return null
  let last = 0
  for (let cell = 0; cell < cells; cell++) {
    const row = schemaRow(page, page.readUInt16BE(8 + 2 * cell))
    if (row === null) return null
    last = Math.max(last, row)
  }
  return last
}

/** The number of a row that begins with what `sqlite_schema` begins with; null of any other. */
function schemaRow(page: Buffer, start: number): number | null {
  const [, afterSize] = varint(page, start)
  const [row, record] = varint(page, afterSize)
  const [headerLength, firstType] = varint(page, record)
  // The lengths of type, name, tbl_name, rootpage and sql.
  const [type, afterType] = varint(page, firstType)
  if (headerLength < 6 || headerLength > 16 || afterType > pageSize) return null
  const length = (type - 13) / 2
  const text = page.toString('latin1', record + headerLength, record + headerLength + length)
  return ['table', 'index', 'view', 'trigger'].includes(text) ? row : null
}

/** @returns the value, and where the next begins */
function varint(bytes: Buffer, start: number): [value: number, next: number] {
  let value = 0
  for (let at = start; at < start + 8; at++) {
    const byte = bytes[at] ?? 0
    value = value * 128 + (byte & 127)
    if (byte < 128) return [value, at + 1]
  }
  return [value, start + 9]
}

/** What follows the header on a first page that lists other pages: an interior page of a table. */
function listOf(lists: readonly SchemaPage[]): Buffer {
  const page = Buffer.alloc(pageSize)
  const before = lists.slice(0, -1)
  page[headerSize] = interiorPage
  page.writeUInt16BE(before.length, headerSize + 3)
  page.writeUInt32BE((lists.at(-1) as SchemaPage).page, headerSize + 8)
  let end = pageSize
  before.forEach((each, index) => {
    const key = varintOf(each.last)
    end -= 4 + key.length
    page.writeUInt32BE(each.page, end)
    page.set(key, end + 4)
    page.writeUInt16BE(end, headerSize + 12 + 2 * index)
  })
  page.writeUInt16BE(end, headerSize + 5)
  return page.subarray(headerSize)
}

function varintOf(value: number): number[] {
  const digits = [value & 127]
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 127) | 128)
  return digits
}
