import type { Database } from 'better-sqlite3'

/** A table as far as its rows can be copied without knowing what they mean. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly string[]
  /** The column by which it is sorted, where that is a whole number; null where it is a text. */
  readonly key: string | null
  readonly hasRowid: boolean
  /** The column that names the run or the trial a row belongs to; null of a run. */
  readonly parent: { readonly table: string; readonly column: string } | null
  /** Indexes that list every row, beside the table itself. */
  readonly indexes: readonly { readonly name: string; readonly first: string }[]
}

/** Made from the runs, by triggers or when they are looked for. */
const derived = ['catalogue', 'search_words']

/** The tables of a database that is whole, each after those it refers to. */
export function tableShapes(database: Database): TableShape[] {
  const tables = database
    .prepare<[], { name: string; wr: number }>(
      `SELECT name, wr FROM pragma_table_list
       WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
    )
    .all()
    .filter(({ name }) => !derived.includes(name))
  const shapes = new Map(tables.map(({ name, wr }) => [name, shapeOf(database, name, wr === 0)]))
  const sorted = new Set<TableShape>()
  const add = (name: string): void => {
    const shape = shapes.get(name)
    if (shape === undefined || sorted.has(shape)) return
    for (const table of referredBy(database, name)) add(table)
    sorted.add(shape)
  }
  for (const name of shapes.keys()) add(name)
  return [...sorted]
}

function shapeOf(database: Database, name: string, hasRowid: boolean): TableShape {
  const columns = database
    .prepare<[string], { name: string; type: string; pk: number }>(
      'SELECT name, type, pk FROM pragma_table_info(?)',
    )
    .all(name)
  const first = columns.find(({ pk }) => pk === 1)
  const references = database
    .prepare<[string], { table: string; column: string }>(
      'SELECT "table", "from" AS "column" FROM pragma_foreign_key_list(?)',
    )
    .all(name)
  const parent =
    references.find(({ table }) => table === 'trials') ??
    references.find(({ table }) => table === 'runs')
  const key = hasRowid ? 'rowid' : first?.type === 'INTEGER' ? first.name : null
  return {
    name,
    columns: columns.map((column) => column.name),
    key,
    hasRowid,
    parent: parent ?? null,
    indexes: hasRowid ? indexesOf(database, name) : [],
  }
}

function indexesOf(database: Database, table: string): TableShape['indexes'] {
  return database
    .prepare<[string], { name: string; first: string }>(
      `SELECT list.name, (SELECT name FROM pragma_index_info(list.name) WHERE seqno = 0) AS first
       FROM pragma_index_list(?) AS list WHERE list.partial = 0`,
    )
    .all(table)
}

function referredBy(database: Database, table: string): string[] {
  return database
    .prepare('SELECT "table" FROM pragma_foreign_key_list(?)')
    .pluck()
    .all(table) as string[]
}
