/**
 * The monotonic clock that all processes and threads of a machine share, in ms from an arbitrary
 * start (CLOCK_MONOTONIC, mach_absolute_time or QueryPerformanceCounter under `process.hrtime`).
 * `performance.now()` reads the same clock from a start of its own, and is the cheaper call.
 */
const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now()

export function monotonicMs(): number {
  return performance.now() + offset
}
