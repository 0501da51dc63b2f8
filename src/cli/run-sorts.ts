import type { RunOrder } from '../shared/contract.ts'

/** What runs are sorted by, and whether the largest comes first. */
export const runSorts: Readonly<
  Record<string, { readonly order: RunOrder; readonly descending: boolean }>
> = {
  when: { order: 'started_at', descending: true },
  label: { order: 'label', descending: false },
  workload: { order: 'workload', descending: false },
  machine: { order: 'machine', descending: false },
  status: { order: 'status', descending: false },
  duration: { order: 'duration_ms', descending: true },
  size: { order: 'sample_bytes', descending: true },
}
