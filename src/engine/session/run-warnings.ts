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

/** So many configurations are named one by one; of more the worst stands for all. */
const mostNamed = 4

/** What is wrong with the figures of a configuration, and by how much. */
interface Flaw {
  readonly configuration: Configuration
  /** 0–1, or more. */
  readonly share: number
}

/** Configurations whose throughput varies by more than a tenth of its median from trial to trial. */
export function spreadWarnings(run: Run): Warning[] {
  const flaws = summarizeRun(run).flatMap(({ configuration, metrics, counted }): Flaw[] => {
    const throughput = metrics.throughput_per_s
    if (throughput === undefined || counted.length < 3) return []
    const share = (madToDeviation * throughput.mad) / throughput.median
    return share <= spreadThreshold ? [] : [{ configuration, share }]
  })
  const advice = 'from trial to trial; repeat more, on a quieter machine'
  return flawWarnings(run, flaws, 'spread', {
    one: (name, percent) => `the throughput of ${name} varies by ${percent} ${advice}`,
    many: (count, worst, percent) =>
      `the throughput of ${count} configurations varies by more than ${percentOf(spreadThreshold)}, most that of ${worst}, by ${percent}, ${advice}`,
  })
}

/** Share of the cores that others may take while a configuration works, before it is worth a word. */
const disturbance = 0.1

/** Configurations beside whose work other programs kept the machine busy. */
export function disturbanceWarnings(run: Run): Warning[] {
  const cores = run.environment?.logical_cores
  if (cores === undefined) return []
  const flaws = run.configurations.flatMap((configuration): Flaw[] => {
    const others = countedTrials(run, configuration).flatMap(({ metrics }) => {
      const { saturation, cores_used: used } = metrics
      if (typeof saturation !== 'number' || typeof used !== 'number') return []
      return [saturation - used / cores]
    })
    const share = Math.max(...others)
    return others.length === 0 || share <= disturbance ? [] : [{ configuration, share }]
  })
  const others = 'other programs (whatever shows this run among them) took up to'
  return flawWarnings(run, flaws, 'disturbed', {
    one: (name, percent) =>
      `while ${name} worked, ${others} ${percent} of the cores; its figures hold for that`,
    many: (count, worst, percent) =>
      `while ${count} configurations worked, ${others} ${percent} of the cores, most while ${worst} did; their figures hold for that`,
  })
}

function flawWarnings(
  run: Run,
  flaws: readonly Flaw[],
  code: Warning['code'],
  words: {
    one(name: string, percent: string): string
    many(count: string, worst: string, percent: string): string
  },
): Warning[] {
  if (flaws.length <= mostNamed) {
    return flaws.map(({ configuration, share }) => {
      return { code, message: words.one(nameIn(run, configuration), percentOf(share)) }
    })
  }
  const worst = flaws.reduce((most, each) => (each.share > most.share ? each : most))
  const count = `${flaws.length} of the ${run.configurations.length}`
  const name = nameIn(run, worst.configuration)
  return [{ code, message: words.many(count, name, percentOf(worst.share)) }]
}

function percentOf(share: number): string {
  return `${Math.round(share * 100)} %`
}

function nameIn({ configurations }: Run, { id }: Configuration): string {
  return configurationNames(configurations).get(id) ?? ''
}
