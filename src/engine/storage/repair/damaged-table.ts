import type { Database } from 'better-sqlite3'
import { isDamage, type Row, readableRows } from './readable-rows.ts'
import type { TableShape } from './table-shape.ts'

/** Numbers of rows, or of the run or trial that rows belong to, that could not be read. */
export interface Gap {
  readonly first: number
  readonly last: number
}

/**
 * The rows of a table that can be read.
 *
 * @param columns those that the damaged database knows
 * @param parents the numbers of the runs or trials that there are
 * @returns what could not be read; null where that cannot be said by numbers
 */
export function* rowsOf(
  database: Database,
  shape: TableShape,
  columns: readonly string[],
  parents: Gap,
): Generator<Row, readonly Gap[] | null> {
  const { name, key, hasRowid } = shape
  if (columns.length === 0) return null
  if (key === null) return yield* fromBothEnds(database, shape, columns)
  try {
    return yield* readableRows(database, {
      from: hasRowid ? `${name} NOT INDEXED` : name,
      columns,
      key,
      isUnique: hasRowid,
      bounds: hasRowid ? { first: 1, last: lastRow(database, shape) } : parents,
    })
  } catch (error) {
    if (isDamage(error)) return null
    throw error
  }
}

/** Tables whose key is a text are small. */
function* fromBothEnds(
  database: Database,
  { name }: TableShape,
  columns: readonly string[],
): Generator<Row, readonly Gap[] | null> {
  for (const direction of ['ASC', 'DESC']) {
    const sql = `SELECT ${columns.join(', ')} FROM ${name} ORDER BY ${columns[0]} ${direction}`
    try {
      yield* database.prepare<[], Row>(sql).iterate()
      return []
    } catch (error) {
      if (!isDamage(error)) throw error
    }
  }
  return null
}

/** The largest number that a row may have: as its indexes say, or as many as there is room for. */
function lastRow(database: Database, { name, indexes }: TableShape): number {
  for (const index of indexes) {
    const last = unlessDamaged(() =>
      database.prepare(`SELECT max(rowid) FROM ${name} INDEXED BY ${index.name}`).pluck().get(),
    )
    if (typeof last === 'number') return last
  }
  const pages = database.pragma('page_count', { simple: true }) as number
  return pages * mostRowsInPage
}

/** A row of ours takes some 20 bytes at least. */
const mostRowsInPage = 200

/**
 * How many rows a table has by what its indexes list, by the run or trial they belong to (0 for runs);
 * null where no index tells.
 */
export function listedRows(
  database: Database,
  { name, parent, indexes }: TableShape,
): ReadonlyMap<number, number> | null {
  const owner = parent?.column ?? '0'
  for (const index of indexes) {
    if (parent !== null && index.first !== parent.column) continue
    const counts = unlessDamaged(() =>
      database
        .prepare<[], [number, number]>(
          `SELECT ${owner}, count(*) FROM ${name} INDEXED BY ${index.name} GROUP BY 1`,
        )
        .raw()
        .all(),
    )
    if (counts !== null) return new Map(counts)
  }
  return null
}

function unlessDamaged<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    // An index that is lost altogether is no index any more.
    if (isDamage(error) || /no such index|no query solution/.test(String(error))) return null
    throw error
  }
}
