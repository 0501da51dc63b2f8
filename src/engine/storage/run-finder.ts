import type { Database } from 'better-sqlite3'
import type { RunOrder, RunsQuery } from '../../shared/contract.ts'
import type { Facet, RunFacets } from '../../shared/model/library.ts'
import type { RunSummary } from '../../shared/model/run.ts'
import { asSummary, type RunRow, selectListed, selectRuns } from './run-rows.ts'
import { labelKeyOrMade, teachFolding, wordsOf, wordsOrMade } from './search-words.ts'
import { Statements } from './statements.ts'

/** Which runs are wanted; those that are put away in place of the others, where it says so. */
export interface WantedRuns extends Omit<RunsQuery, 'limit' | 'offset'> {
  readonly isAway?: boolean
}

/** The part of what was found that is read. */
export interface Part {
  readonly offset: number
  readonly limit: number
}

/** Finds runs among many, by their catalogue: nothing of a run is read that is not shown. */
export class RunFinder {
  readonly #statements: Statements

  constructor(database: Database) {
    teachFolding(database)
    this.#statements = new Statements(database)
  }

  /** Some of the runs, without their notes, and how many were found. */
  page(wanted: WantedRuns, part: Part): { readonly total: number; readonly runs: RunSummary[] } {
    const found = this.#find(wanted)
    const runs = this.#read(selectListed, found.slice(part.offset, part.offset + part.limit))
    // Those of its notes that are short have been read with it.
    return {
      total: found.length,
      runs: runs.map((run) => ({ ...run, plan: { ...run.plan, notes: '' } })),
    }
  }

  /** All that are wanted, with all that their user wrote. */
  all(wanted: WantedRuns): RunSummary[] {
    return this.#read(selectRuns, this.#find(wanted))
  }

  /** How many runs there are, or are put away. */
  count(isAway = false): number {
    const [{ runs }] = this.#statements.rows<{ runs: number }>(
      'SELECT count(*) AS runs FROM catalogue WHERE is_away = ?',
      isAway ? 1 : 0,
    ) as [{ runs: number }]
    return runs
  }

  facets(): RunFacets {
    return {
      workloads: this.#facet('workload'),
      runtimes: this.#facetOfEach('runtimes'),
      models: this.#facetOfEach('models'),
      machines: this.#facet('machine'),
      statuses: this.#facet('status'),
      tags: this.#facet('tag', 'tags JOIN catalogue USING (run_id)'),
    }
  }

  /** Of a column that has several values, between blanks. */
  #facetOfEach(column: string): Facet[] {
    const counts = new Map<string, number>()
    for (const { value, runs } of this.#facet(column)) {
      for (const each of new Set(value.split(' '))) {
        if (each !== '') counts.set(each, (counts.get(each) ?? 0) + runs)
      }
    }
    return [...counts]
      .map(([value, runs]) => ({ value, runs }))
      .sort((a, b) => b.runs - a.runs || (a.value < b.value ? -1 : 1))
  }

  #facet(column: string, from = 'catalogue'): Facet[] {
    return this.#statements.rows<Facet>(
      `SELECT ${column} AS value, count(*) AS runs FROM ${from}
       WHERE is_away = 0 AND ${column} IS NOT NULL GROUP BY ${column} ORDER BY runs DESC, value`,
    )
  }

  /** Numbers of the runs that are wanted, in their order. */
  #find({ search, order, descending, isAway = false, ...filters }: WantedRuns): number[] {
    const conditions: string[] = []
    const values: unknown[] = []
    const hold = (condition: string, value: unknown) => {
      if (value === undefined) return
      conditions.push(condition)
      values.push(value)
    }
    hold('is_away = ?', isAway ? 1 : 0)
    hold('workload = ?', filters.workload)
    hold(`instr(runtimes, ' ' || ? || ' ') > 0`, filters.runtime)
    hold(`instr(models, ' ' || ? || ' ') > 0`, filters.model)
    hold('machine = ?', filters.machine)
    hold('status = ?', filters.status)
    hold('experiment = ?', filters.experiment)
    hold('started_at >= ?', filters.from === undefined ? undefined : Date.parse(filters.from))
    hold('started_at < ?', filters.before === undefined ? undefined : Date.parse(filters.before))
    hold('run_id IN (SELECT run_id FROM tags WHERE tag = ?)', filters.tag)
    const words = wordsOf(search)
    for (const word of words) {
      conditions.push(`(instr(${wordsOrMade}, ?) > 0 OR instr(status, ?) > 0)`)
      values.push(word, word)
    }
    const needsWords = words.length > 0 || order === 'label'
    const direction = descending ? 'DESC' : 'ASC'
    return this.#statements
      .get(
        `SELECT run_id FROM catalogue ${needsWords ? 'JOIN search_words USING (run_id)' : ''}
         WHERE ${conditions.join(' AND ')}
         ORDER BY ${orders[order]} ${direction}, run_id ${direction}`,
      )
      .pluck()
      .all(...values) as number[]
  }

  #read(select: string, ids: readonly number[]): RunSummary[] {
    const rows = this.#statements.rows<RunRow>(
      `${select} WHERE runs.id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    )
    const found = new Map(rows.map((row) => [row.id, row]))
    return ids.flatMap((id) => {
      const row = found.get(id)
      return row === undefined ? [] : (asSummary(row) ?? [])
    })
  }
}

const orders: Readonly<Record<RunOrder, string>> = {
  started_at: 'started_at',
  label: labelKeyOrMade,
  workload: 'workload',
  status: 'status',
  duration_ms: 'duration_ms',
  machine: 'machine',
  sample_bytes: 'sample_bytes',
}
