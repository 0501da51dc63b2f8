/** What was read and written anew, and what was there but could not be read. */
export interface Tally {
  readonly saved: number
  readonly lost: number
}

/** What a quick look at a database has found. */
export interface IntegrityLook {
  /** The whole file, or of a big one what is looked up first; nothing where there is no file. */
  readonly looked_at: 'whole' | 'runs' | 'nothing'
  /** What is wrong, in SQLite's words; null where nothing was found. */
  readonly problem: string | null
}

/** What a repair has come to. */
export type RepairOutcome = SoundDatabase | SalvagedDatabase

export interface SoundDatabase {
  readonly state: 'sound'
  readonly path: string
  readonly size_bytes: number
  readonly runs: number
}

export interface SalvagedDatabase {
  readonly state: 'salvaged'
  readonly path: string
  readonly size_bytes: number
  /** What is wrong with it: the first of what was found. */
  readonly problems: readonly string[]
  /** The new database, which holds what could be read. */
  readonly out: string
  readonly runs: Tally
  readonly trials: Tally
  /** Chunks of samples, of about a second each. */
  readonly chunks: Tally
  /** Other rows: figures, phases, workers, warnings, environments, tags. */
  readonly others: Tally
  /** Trials that were saved, but not with everything of them. */
  readonly incomplete_trials: number
  /** Parts of tables that could not be read, of which it is not known what they held. */
  readonly unknown: number
  /** Nothing is lost, as far as that can be known. */
  readonly is_whole: boolean
}
