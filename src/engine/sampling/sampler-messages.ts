import type { Sample } from '../../shared/model/sample.ts'
import type { MachineReading } from './provider.ts'

export type LabToSampler =
  | { readonly type: 'watch'; readonly root: number; readonly intervalMs: number }
  /** Take a reading now, apart from the samples: the work window begins or ends here. */
  | { readonly type: 'mark'; readonly ticket: number }
  | { readonly type: 'work-begins' }
  /** Read the tree once more, while it is whole. */
  | { readonly type: 'work-ends'; readonly ticket: number }
  | { readonly type: 'rest'; readonly ticket: number }

/** A sample whose time is still that of the monotonic clock. */
export type RawSample = Omit<Sample, 't_ms'> & { readonly at: number }

export type SamplerToLab =
  | { readonly type: 'ready' }
  | { readonly type: 'sample'; readonly sample: RawSample }
  | { readonly type: 'marked'; readonly ticket: number; readonly reading: MachineReading }
  /** A request has been met: all samples up to it have been sent. */
  | { readonly type: 'met'; readonly ticket: number }
