import { configurationNames } from '../../shared/chart-names.ts'
import type { Warning } from '../../shared/model/environment.ts'
import type { Configuration, Run } from '../../shared/model/run.ts'
import { countedTrials, summarizeRun } from '../analysis/statistics.ts'

/** A normal distribution's standard deviation is so many times its median absolute deviation. */
const madToDeviation = 1.4826
const spreadThreshold = 0.1

/** Below this, what begins and ends a window weighs as much as what is in it. */
const shortestWindowMs = 100

/** Configurations whose work is over before it can be measured well. */
export function shortWindowWarnings(run: Run): Warning[] {
  return summarizeRun(run).flatMap(({ configuration, metrics }): Warning[] => {
    const wall = metrics.wall_ms
    // What a probe does is long enough by its own account.
    const hasTasks = metrics.throughput_per_s !== undefined
    if (wall === undefined || !hasTasks || wall.median >= shortestWindowMs) return []
    return [
      {
        code: 'short-window',
        message: `the work of ${nameIn(run, configuration)} is over in ${wall.median.toFixed(1)} ms; give it more tasks, or a duration`,
      },
    ]
  })
}

/** Configurations whose throughput varies by more than a tenth of its median from trial to trial. */
export function spreadWarnings(run: Run): Warning[] {
  return summarizeRun(run).flatMap(({ configuration, metrics, counted }): Warning[] => {
    const throughput = metrics.throughput_per_s
    if (throughput === undefined || counted.length < 3) return []
    const spread = (madToDeviation * throughput.mad) / throughput.median
    if (spread <= spreadThreshold) return []
    return [
      {
        code: 'spread',
        message: `the throughput of ${nameIn(run, configuration)} varies by ${Math.round(spread * 100)} % from trial to trial; repeat more, on a quieter machine`,
      },
    ]
  })
}

/** Share of the cores that others may take while a configuration works, before it is worth a word. */
const disturbance = 0.1

/** Configurations beside whose work other programs kept the machine busy. */
export function disturbanceWarnings(run: Run): Warning[] {
  const cores = run.environment?.logical_cores
  if (cores === undefined) return []
  return run.configurations.flatMap((configuration): Warning[] => {
    const others = countedTrials(run, configuration).flatMap(({ metrics }) => {
      const { saturation, cores_used: used } = metrics
      if (typeof saturation !== 'number' || typeof used !== 'number') return []
      return [saturation - used / cores]
    })
    const most = Math.max(...others)
    if (others.length === 0 || most <= disturbance) return []
    return [
      {
        code: 'disturbed',
        message: `while ${nameIn(run, configuration)} worked, other programs (whatever shows this run among them) took up to ${Math.round(most * 100)} % of the cores; its figures hold for that`,
      },
    ]
  })
}

function nameIn({ configurations }: Run, { id }: Configuration): string {
  return configurationNames(configurations).get(id) ?? ''
}
