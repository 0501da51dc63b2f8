/** How a worker of the failure lab fails, in the order they are told. */
export const failures = [
  'unhandled error',
  'unhandled rejection',
  'process.exit',
  'process.abort',
  'out of memory, own limit',
  'out of memory, no own limit',
  'out of memory, at once',
  'native crash',
  'endless loop',
  'leak',
] as const
export type Failure = (typeof failures)[number]
