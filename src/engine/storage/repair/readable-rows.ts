import type { Database } from 'better-sqlite3'

export type Row = Readonly<Record<string, unknown>>

export interface WalkedTable {
  /** As it stands after FROM. */
  readonly from: string
  readonly columns: readonly string[]
  /** A column of whole numbers by which the table is sorted. */
  readonly key: string
  /** Whether a value of the key has one row at most. */
  readonly isUnique: boolean
  /** Where rows may be, as far as that is known otherwise. */
  readonly bounds: { readonly first: number; readonly last: number }
}

interface Range {
  readonly first: number
  readonly last: number
}

/** Seeks in one table: more only where very much is broken, and then in vain. */
const mostSeeks = 100_000

/**
 * Every row of a table that can be read. Read from the front as far as it goes, then from the back;
 * what lies between is halved until only what is broken is left. Where a key has several rows, some
 * may come twice.
 *
 * @returns the ranges of the key that could not be read, whether or not there was anything in them
 * @throws Error where the table itself cannot be found
 */
export function* readableRows(database: Database, table: WalkedTable): Generator<Row, Range[]> {
  const { key, isUnique, bounds } = table
  const select = `SELECT ${table.columns.join(', ')}, ${key} AS walked_key FROM ${table.from}`
  const between = `${select} WHERE ${key} BETWEEN ? AND ?`
  const scans = {
    all: database.prepare<unknown[], Row>(`${select} ORDER BY ${key}`),
    allBack: database.prepare<unknown[], Row>(`${select} ORDER BY ${key} DESC`),
    forth: database.prepare<unknown[], Row>(`${between} ORDER BY ${key}`),
    back: database.prepare<unknown[], Row>(`${between} ORDER BY ${key} DESC`),
  }
  let at: number | null = null
  const scan = function* (rows: () => Iterable<Row>): Generator<Row, boolean> {
    at = null
    try {
      for (const row of rows()) {
        at = row.walked_key as number
        yield row
      }
      return true
    } catch (error) {
      if (!isDamage(error)) throw error
      return false
    }
  }
  // Beyond the last row of either direction; a key that has several rows may have more of them.
  const step = isUnique ? 1 : 0
  const inner = (range: Range, front: number | null, back: number | null): Range => ({
    first: front === null ? range.first : front + step,
    last: back === null ? range.last : back - step,
  })

  if (yield* scan(() => scans.all.iterate())) return []
  const front = at
  // It can be read from its end alone.
  if (yield* scan(() => scans.allBack.iterate())) return []
  const unread = [inner(bounds, front, at)]
  const broken: Range[] = []
  for (let seeks = 0; unread.length > 0; seeks += 2) {
    const range = takeWidest(unread)
    if (range.first > range.last) continue
    if (seeks > mostSeeks) {
      broken.push(range)
      continue
    }
    if (yield* scan(() => scans.forth.iterate(range.first, range.last))) continue
    const ahead: number | null = at
    if (yield* scan(() => scans.back.iterate(ahead ?? range.first, range.last))) continue
    const rest = inner(range, ahead, at)
    if (rest.first > rest.last) continue
    if (rest.first === rest.last) {
      // What is left of a key with one row was not sought by itself yet.
      if (isUnique && range.first !== range.last) unread.push(rest)
      else broken.push(rest)
      continue
    }
    const middle = Math.floor((rest.first + rest.last) / 2)
    unread.push({ first: rest.first, last: middle }, { first: middle + 1, last: rest.last })
  }
  return broken
}

function takeWidest(ranges: Range[]): Range {
  let widest = 0
  ranges.forEach((range, index) => {
    if (width(range) > width(ranges[widest] as Range)) widest = index
  })
  return ranges.splice(widest, 1)[0] as Range
}

function width({ first, last }: Range): number {
  return last - first
}

/** Whether a failure is one of the file, not of what was asked of it. */
export function isDamage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^SQLITE_(CORRUPT|IOERR|NOTADB|TOOBIG|NOMEM|FORMAT)/.test(code)
}
