import type { SampleSeries, SampleStream } from '../../shared/model/sample.ts'
import type { SampleRow } from '../../shared/sample-row.ts'
import type { Punctuality } from './pace.ts'
import type { MachineReading, ThreadCounters, WorkerThread } from './provider.ts'

export interface Watched {
  readonly root: number
  readonly intervalMs: number
  /** Processes of the largest tree in the run. */
  readonly largestTree: number
}

export type LabToSampler =
  | ({ readonly type: 'watch' } & Watched)
  /** Who the workers are. */
  | { readonly type: 'follow'; readonly workers: readonly (WorkerThread | null)[] }
  /** Read the memory of the whole tree: a phase is over, and the trial waits. */
  | { readonly type: 'look'; readonly ticket: number }
  /** Take a reading now, apart from the samples: the work window begins or ends here. */
  | { readonly type: 'mark'; readonly ticket: number }
  | { readonly type: 'work-begins' }
  /** Read tree and memory once more, while they are whole. */
  | { readonly type: 'work-ends'; readonly ticket: number }
  | { readonly type: 'rest'; readonly ticket: number }

/** A sample whose time is still that of the monotonic clock. */
export interface RawSample extends SampleRow {
  readonly stream: SampleStream
  readonly at: number
  /** Since the stream's sample before, as measured; 0 for its first. */
  readonly dt_ms: number
}

/** The same on its way: without the list of its series, where that is the one before of its stream. */
export type SentSample = Omit<RawSample, 'series'> & {
  readonly series: readonly SampleSeries[] | null
}

/** What is read as the work window begins, and as it ends. */
export interface Mark {
  readonly machine: MachineReading | null
  /** By worker; empty where threads cannot be told apart. */
  readonly counters: readonly (ThreadCounters | null)[]
  /** CPU time of the sampler's own thread so far; null where the runtime does not tell. */
  readonly samplerCpuMs: number | null
}

export type SamplerToLab =
  | { readonly type: 'ready' }
  /** `of` is the number of the watch that they are of, from 1; `samplerCpuMs` as in a mark. */
  | {
      readonly type: 'samples'
      readonly of: number
      readonly samples: readonly SentSample[]
      readonly samplerCpuMs: number | null
    }
  | { readonly type: 'marked'; readonly ticket: number; readonly mark: Mark | null }
  /** The work has ended, and this is how well the pace was kept in it: told before the last readings. */
  | { readonly type: 'counted'; readonly punctuality: Punctuality | null }
  /** A request has been met: all samples up to it have been sent. */
  | { readonly type: 'met'; readonly ticket: number }
