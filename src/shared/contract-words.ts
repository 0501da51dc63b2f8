/*
 * What the page itself needs of the contract: apart from the schemas, whose library compiles code, which
 * the page's policy does not allow.
 */

/** What saved runs are sorted by. */
export const runOrders = [
  'started_at',
  'label',
  'workload',
  'status',
  'duration_ms',
  'machine',
  'sample_bytes',
] as const
export type RunOrder = (typeof runOrders)[number]

/** Where a browser sends a run's JSON to, with POST. */
export const importPath = '/import'
