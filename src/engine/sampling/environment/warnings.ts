import { formatMs, formatNumber, formatPercent } from '../../../shared/format.ts'
import type { Environment, Warning, WarningCode } from '../../../shared/model/environment.ts'

const busyThreshold = 0.1
const fastGovernors = ['performance', 'schedutil']

/** Below this part of its highest, the clock is held down by more than rounding. */
const uncapped = 0.95

/**
 * What makes figures of this machine less sure, before anything has run. What is not known gives no
 * warning.
 *
 * @param mostWorkers largest number of workers that will run at once; 0 where no run is meant
 */
export function environmentWarnings(environment: Environment, mostWorkers: number): Warning[] {
  const { load_before: load, governor, usable_cores, cgroup_cpu_limit_cores: grant } = environment
  const { frequency_limit_ghz: limit, frequency_highest_ghz: highest } = environment
  const warnings: Warning[] = []
  const warn = (code: WarningCode, message: string) => warnings.push({ code, message })
  if (load !== null && load > busyThreshold) {
    const when = mostWorkers === 0 ? 'are busy now' : 'were busy before the start'
    const percent = Math.round(load * 100)
    warn('busy-machine', `${percent} % of the cores ${when}; close what is not needed`)
  }
  if (governor?.split(', ').some((each) => !fastGovernors.includes(each))) {
    warn(
      'slow-governor',
      `the CPU governor is "${governor}", under which the clock rises late or not at all; set it to "performance" (cpupower frequency-set -g performance)`,
    )
  }
  if (limit !== null && highest !== null && limit < highest * uncapped) {
    warn(
      'capped-clock',
      `the clock is held at ${limit} GHz or less of ${highest} GHz; lift the limit (power profile, or cpupower frequency-set -u ${highest}GHz)`,
    )
  }
  if (mostWorkers > usable_cores) {
    warn(
      'more-workers-than-cores',
      `${mostWorkers} workers share ${usable_cores} usable cores; plan no more than ${usable_cores} to give each a core of its own`,
    )
  }
  if (grant !== null && grant < environment.logical_cores) {
    const fitting = Math.max(1, Math.floor(grant))
    warn(
      'cgroup-quota',
      `a cgroup grants ${formatNumber(grant)} of ${environment.logical_cores} cores and holds back what works beyond; lift its CPU quota, or plan no more than ${fitting} ${fitting === 1 ? 'worker' : 'workers'}`,
    )
  }
  if (environment.power_source === 'battery') {
    warn('battery', 'the machine runs on its battery; connect it to the mains')
  }
  return warnings
}

/** Which of the states above are worth a word where they came while a run went on. */
const lastingStates: readonly WarningCode[] = [
  'slow-governor',
  'capped-clock',
  'more-workers-than-cores',
  'cgroup-quota',
  'battery',
]

/** Part of the clock that may be lost from start to end before it is worth a word. */
const clockLoss = 0.15

/** Share of the cores' time that may go to other machines. */
const stolenThreshold = 0.02

/** Pages that a system swaps for its own reasons now and then: 1 MiB of them. */
const fewPages = 256

/** Share of the time in which programs may wait for memory. */
const stalledThreshold = 0.01

/** How far apart the two clocks may come: in ms; as a share of the time; and what reading them takes. */
const jump = { ms: 1000, share: 0.01, readingMs: 100 } as const

/** What happened to the machine between the start and the end of a run that makes its figures less sure. */
export function changeWarnings(
  before: Environment,
  after: Environment,
  mostWorkers: number,
): Warning[] {
  const had = new Set(environmentWarnings(before, mostWorkers).map(({ code }) => code))
  const warnings = environmentWarnings(after, mostWorkers)
    .filter(({ code }) => lastingStates.includes(code) && !had.has(code))
    .map(({ code, message }) => ({ code, message: `changed during the run: ${message}` }))
  const warn = (code: WarningCode, message: string) => warnings.push({ code, message })
  const gained = (key: CounterKey) => difference(before[key], after[key])
  const elapsed = difference(before.taken_monotonic_ms, after.taken_monotonic_ms)

  const throttled = gained('cgroup_throttled_ms')
  const periods = gained('cgroup_throttled_periods')
  if ((throttled ?? 0) > 0 || (periods ?? 0) > 0) {
    const howLong = throttled === null ? '' : ` for ${formatMs(throttled)} of its cores' time`
    const howOften = periods === null ? '' : ` in ${counted(periods, 'period')}`
    warn(
      'cgroup-throttled',
      `a cgroup's CPU quota held the work back${howLong}${howOften}; lift the quota, or plan fewer workers`,
    )
  }

  const hot = gained('thermal_throttle_events')
  if (hot !== null && hot > 0) {
    warn(
      'thermal-throttled',
      `the processor slowed itself down ${counted(hot, 'time')} because it was hot; let it cool down, or give it more air, and run again`,
    )
  }

  const [from, to] = [before.frequency_ghz, after.frequency_ghz]
  if (from !== null && to !== null && to < from * (1 - clockLoss)) {
    warn(
      'slower-clock',
      `the clock fell from ${formatNumber(from)} to ${formatNumber(to)} GHz between start and end; let the processor cool down, and run again with fewer trials at a time`,
    )
  }

  const stolen = gained('stolen_ms')
  if (stolen !== null && elapsed !== null) {
    const share = stolen / (elapsed * after.logical_cores)
    if (share > stolenThreshold) {
      warn(
        'stolen-time',
        `the hypervisor gave ${formatPercent(share)} of the cores' time to others; run again when its other machines are quieter, or on a machine of your own`,
      )
    }
  }

  const swapped = gained('swapped_pages')
  const stalled = gained('memory_stalled_ms')
  const isSwapping = swapped !== null && swapped > fewPages
  const isStalling = stalled !== null && elapsed !== null && stalled > elapsed * stalledThreshold
  if (isSwapping || isStalling) {
    const what = [
      isStalling ? `programs waited ${formatMs(stalled)} for it` : [],
      isSwapping ? `${formatNumber(swapped)} pages were swapped` : [],
    ].flat()
    warn(
      'memory-pressure',
      `memory was short: ${what.join(', ')}; close what is not needed, or plan fewer workers`,
    )
  }

  const ahead = clockGain(before, after, elapsed)
  if (ahead !== null) {
    warn(
      'clock-jump',
      `the wall clock went ${formatMs(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} the time that passed (it was set, or the machine slept); durations hold, since another clock gives them: only distrust the dates`,
    )
  }
  return warnings
}

type CounterKey =
  | 'cgroup_throttled_ms'
  | 'cgroup_throttled_periods'
  | 'thermal_throttle_events'
  | 'stolen_ms'
  | 'swapped_pages'
  | 'memory_stalled_ms'

/** Null where one is not known, and where a counter has begun anew or time went back. */
function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null || after < before ? null : after - before
}

/** How much further the wall clock went than time did, in ms; null where that is nothing to tell. */
function clockGain(before: Environment, after: Environment, elapsed: number | null): number | null {
  if (elapsed === null) return null
  const ahead = Date.parse(after.taken_at) - Date.parse(before.taken_at) - elapsed
  const size = Math.abs(ahead)
  const isJump = size > jump.ms || size > Math.max(elapsed * jump.share, jump.readingMs)
  return isJump ? ahead : null
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
