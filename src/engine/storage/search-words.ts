import type { Database } from 'better-sqlite3'

/**
 * A text as it is searched: small letters, and one form for what Unicode writes in several (NFKC), so
 * that `Ｐｏｏｌ`, `POOL` and `pool` are one word. SQLite's own `lower` knows ASCII alone.
 */
export function folded(text: string): string {
  // A capital sigma becomes one of two small ones by where in a word it stands.
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ')
}

/** Words of a search that are looked for. */
const mostWords = 10

/** What a search asks for: each word once. */
export function wordsOf(search: string): string[] {
  const words = folded(search).split(/\s+/)
  return [...new Set(words)].filter((word) => word !== '').slice(0, mostWords)
}

/** Everything of a run that is searched; no word reaches over the end of a line. */
const searched = `(
  SELECT folded(concat_ws(char(10), label, notes, workload, experiment, models, runtimes, machine,
    (SELECT group_concat(tag, char(10)) FROM tags WHERE tags.run_id = runs.id)))
  FROM runs JOIN catalogue ON catalogue.run_id = runs.id WHERE runs.id = search_words.run_id)`

/** What words are looked for in; made on the spot where it is not kept yet. */
export const wordsOrMade = `coalesce(words, ${searched}, '')`

const labelKey = '(SELECT folded(substr(label, 1, 100)) FROM runs WHERE id = search_words.run_id)'

/** What runs are sorted by as by their label. */
export const labelKeyOrMade = `coalesce(label_key, ${labelKey})`

/** Teaches a connection to fold: whatever names `folded` runs on such a one alone. */
export function teachFolding(database: Database): void {
  database.function('folded', { deterministic: true }, (text) => folded(String(text)))
}

/** Whether there are runs that have changed since their words were folded. */
export function areWordsDue(database: Database): boolean {
  const due = 'SELECT 1 FROM search_words WHERE words IS NULL LIMIT 1'
  return database.prepare(due).get() !== undefined
}

/** Folds the words of runs that have changed since. */
export function foldDueWords(database: Database): void {
  database
    .prepare(
      `UPDATE search_words
       SET label_key = coalesce(${labelKey}, ''),
           words = coalesce(${searched}, '')
       WHERE words IS NULL`,
    )
    .run()
}
