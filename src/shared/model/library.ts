/* The saved runs as a whole: how they are found, kept and thinned. */

/** One value of what runs can be filtered by, and how many have it. */
export interface Facet {
  readonly value: string
  readonly runs: number
}

/** What there is to filter by; counted over all runs that are not put away, the most frequent first. */
export interface RunFacets {
  readonly workloads: readonly Facet[]
  readonly runtimes: readonly Facet[]
  readonly models: readonly Facet[]
  readonly machines: readonly Facet[]
  readonly statuses: readonly Facet[]
  readonly tags: readonly Facet[]
}

/** What the user wants changed of a run; what is left out stays as it is. */
export interface RunEdit {
  readonly label?: string | undefined
  readonly notes?: string | undefined
  /** All of its tags, in place of those it has. */
  readonly tags?: readonly string[] | undefined
  /** Its samples are never thinned. */
  readonly isKept?: boolean | undefined
}

/** When the samples of a run are thinned to its overview. Results are never touched. */
export interface KeepingPolicy {
  /** Of runs older than so many days; null where all are kept whole. */
  readonly thin_after_days: number | null
}

export const keepEverything: KeepingPolicy = { thin_after_days: null }

export const dayMs = 86_400_000

/** How long a run that was put away can be brought back. */
export const keptAwayDays = 30

/** What a thinning took away. */
export interface Thinned {
  readonly runs: number
  /** Of samples; given back to the system by compacting alone. */
  readonly bytes: number
}

/** The database as a whole. */
export interface LibraryState {
  readonly path: string
  /** Of all its files; null where there is none yet. */
  readonly size_bytes: number | null
  /** What compacting gives back to the system, at least. */
  readonly reclaimable_bytes: number
  /** Of all samples, as they are packed. */
  readonly sample_bytes: number
  readonly runs: number
  /** Put away, and still to be brought back. */
  readonly runs_away: number
  readonly policy: KeepingPolicy
  readonly read_only: boolean
}
