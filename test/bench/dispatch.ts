import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { median } from 'simple-statistics'
import { ratioInterval } from '../../src/engine/analysis/bootstrap.ts'
import type { Lab } from '../../src/engine/lab.ts'
import type { Benchmark } from './benchmark.ts'
import { runPlan, withLab } from './with-lab.ts'

const workers = 2
const rounds = 7
const durationMs = 1000
/** How long a setting of a pool is tried, twice, before the best of all is measured. */
const trialMs = 300

const run = promisify(execFile)
const script = fileURLToPath(new URL('./bare/pool.ts', import.meta.url))

type Pool = 'piscina' | 'tinypool'

/** What a user finds in its documentation, and how many tasks are under way at once. */
interface Setting {
  readonly options: Readonly<Record<string, unknown>>
  readonly underWay: number
}

const many = 1024
const options: Readonly<Record<Pool, readonly Setting['options'][]>> = {
  piscina: [
    {},
    { fixedQueue: true, recordTiming: false },
    { fixedQueue: true, recordTiming: false, concurrentTasksPerWorker: 32 },
    { fixedQueue: true, recordTiming: false, concurrentTasksPerWorker: many },
    { fixedQueue: true, recordTiming: false, concurrentTasksPerWorker: many, atomics: 'async' },
    { fixedQueue: true, recordTiming: false, concurrentTasksPerWorker: many, atomics: 'disabled' },
  ],
  tinypool: [
    {},
    { concurrentTasksPerWorker: 32 },
    { concurrentTasksPerWorker: many },
    { concurrentTasksPerWorker: many, serialization: 'advanced' },
  ],
}

async function throughPool(pool: Pool, setting: Setting, ms: number): Promise<number> {
  const given = [workers, ms, setting.underWay].map(String)
  const { stdout } = await run(process.execPath, [
    script,
    pool,
    ...given,
    JSON.stringify(setting.options),
  ])
  return Number(stdout)
}

async function throughLab(lab: Lab, model: 'threads' | 'processes'): Promise<number> {
  const { trials } = await runPlan(lab, {
    workload: 'squares',
    models: [model],
    workers: [workers],
    scheduling: 'dynamic',
    duration_s: durationMs / 1000,
    repeat: 1,
    warmup: 0,
  })
  const [trial] = trials
  if (trial?.status !== 'done') throw new Error(`the trial is ${trial?.status}: ${trial?.reason}`)
  return Number(trial.metrics.throughput_per_s)
}

/** That in which a pool does most: the better of two short attempts counts. */
async function bestSetting(pool: Pool): Promise<Setting> {
  let best: Setting = { options: {}, underWay: workers }
  let most = 0
  for (const underWay of [2 * workers, 128, many]) {
    for (const each of options[pool]) {
      const setting = { options: each, underWay }
      const first = await throughPool(pool, setting, trialMs)
      const perSecond = Math.max(first, await throughPool(pool, setting, trialMs))
      if (perSecond <= most) continue
      most = perSecond
      best = setting
    }
  }
  return best
}

function dispatch(model: 'threads' | 'processes', pool: Pool, runtime: string): Benchmark {
  return {
    name: `dispatch-${model}`,
    asked: `trivial tasks through the lab : through ${pool} (${runtime}) at its best, medians of ${rounds} rounds ≥ 1`,
    unit: 'ratio',
    isMet: (measured) => measured >= 1,
    measure: () =>
      withLab(async (lab) => {
        const best = await bestSetting(pool)
        const plain = { options: {}, underWay: 2 * workers }
        const arms = {
          'the lab': () => throughLab(lab, model),
          [`${pool}, ${inWords(best)}`]: () => throughPool(pool, best, durationMs),
          [`${pool}, ${inWords(plain)}`]: () => throughPool(pool, plain, durationMs),
        }
        const [ours, ...theirs] = await inTurn(Object.values(arms))
        Object.keys(arms).forEach((name, at) => {
          console.error(`  ${describe([ours, ...theirs][at] as number[])}  ${name}`)
        })
        const [atBest] = theirs as [number[]]
        const interval = ratioInterval(atBest, ours as number[], { seed: 1 })
        console.error(
          `  ratio, 95 % interval  ${interval?.map((each) => each.toFixed(2)).join(' to ')}`,
        )
        return median(ours as number[]) / median(atBest)
      }),
  }
}

/** All in each round, each round beginning with the next. */
async function inTurn(measures: readonly (() => Promise<number>)[]): Promise<number[][]> {
  const found = measures.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < measures.length; turn++) {
      const at = (round + turn) % measures.length
      found[at]?.push((await measures[at]?.()) as number)
    }
  }
  return found
}

const inWords = ({ options: given, underWay }: Setting) =>
  `${underWay} under way, ${Object.keys(given).length === 0 ? 'defaults' : JSON.stringify(given)}`

/** Median, smallest and largest, in tasks a second. */
function describe(perSecond: readonly number[]): string {
  const [middle, least, most] = [
    median([...perSecond]),
    Math.min(...perSecond),
    Math.max(...perSecond),
  ].map((each) => Math.round(each).toLocaleString('en'))
  return `${middle}/s (${least} to ${most})`
}

export const dispatchBenchmarks = [
  dispatch('threads', 'piscina', 'worker_threads'),
  dispatch('processes', 'tinypool', 'child_process'),
]
