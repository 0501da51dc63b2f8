import type { Tally } from '../../../shared/model/repair.ts'
import type { Gap } from './damaged-table.ts'
import type { TableShape } from './table-shape.ts'

/** Overviews can be made again from the samples: one that is lost is none. */
const remade = ['overviews']

/** Keeps account of what a damaged database held and could not be saved. */
export class Losses {
  readonly #tallies = new Map<string, Tally>()
  /** By run: trials. By trial: chunks of samples. */
  readonly trialsOfRun = new Map<number, number>()
  readonly chunksOfTrial = new Map<number, number>()
  readonly incompleteRuns = new Set<number>()
  readonly incompleteTrials = new Set<number>()
  #unknown = 0

  /** Parts of tables of which it is not known what they held. */
  get unknown(): number {
    return this.#unknown
  }

  /**
   * @param saved rows by the run or trial they belong to (0 for runs)
   * @param listed the same as the indexes of the damaged database have it; null where they do not tell
   * @param refused rows that were read, but not as Corescope writes them
   * @param gaps null where the table could not be read, and not be told how much of it
   */
  add(
    shape: TableShape,
    saved: ReadonlyMap<number, number>,
    listed: ReadonlyMap<number, number> | null,
    refused: readonly number[],
    gaps: readonly Gap[] | null,
  ): void {
    const lost = listed === null ? countsOf(refused) : less(listed, saved)
    const number = sum(lost.values())
    this.#tallies.set(shape.name, { saved: sum(saved.values()), lost: number })
    if (remade.includes(shape.name)) return
    for (const [parent, count] of lost) this.#miss(shape, parent, count)
    if (listed !== null) return
    if (gaps === null) this.#unknown++
    for (const gap of gaps ?? []) {
      this.#unknown++
      if (!shape.hasRowid) this.#missWithin(shape, gap)
    }
  }

  tally(...tables: readonly string[]): Tally {
    const of = tables.map((table) => this.#tallies.get(table) ?? { saved: 0, lost: 0 })
    return { saved: sum(of.map(({ saved }) => saved)), lost: sum(of.map(({ lost }) => lost)) }
  }

  /** Of all tables but some, and but what can be made again. */
  tallyBeside(...tables: readonly string[]): Tally {
    const others = [...this.#tallies.keys()].filter(
      (name) => !tables.includes(name) && !remade.includes(name),
    )
    return this.tally(...others)
  }

  #miss({ name, parent }: TableShape, owner: number, count: number): void {
    if (name === 'trials') this.trialsOfRun.set(owner, count)
    else if (name === 'sample_chunks') this.chunksOfTrial.set(owner, count)
    if (parent?.table === 'trials') this.incompleteTrials.add(owner)
    if (parent?.table === 'runs') this.incompleteRuns.add(owner)
  }

  #missWithin(shape: TableShape, { first, last }: Gap): void {
    const into = shape.parent?.table === 'trials' ? this.incompleteTrials : this.incompleteRuns
    if (shape.parent === null) return
    for (let owner = first; owner <= last; owner++) into.add(owner)
  }
}

function less(
  listed: ReadonlyMap<number, number>,
  saved: ReadonlyMap<number, number>,
): Map<number, number> {
  const lost = new Map<number, number>()
  for (const [owner, count] of listed) {
    const missing = count - (saved.get(owner) ?? 0)
    if (missing > 0) lost.set(owner, missing)
  }
  return lost
}

function countsOf(owners: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1)
  return counts
}

function sum(counts: Iterable<number>): number {
  let total = 0
  for (const count of counts) total += count
  return total
}
