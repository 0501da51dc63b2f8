import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { observerCost } from '../../../src/engine/sampling/observer-cost.ts'
import type { Run } from '../../../src/shared/model/run.ts'
import type { Sample, SampleSeries } from '../../../src/shared/model/sample.ts'
import type { Benchmark } from '../benchmark.ts'
import { runPlan, withLab } from '../with-lab.ts'

/** One line of the independent script: seconds on the monotonic clock, busy seconds of each core. */
type Seen = readonly number[]

/** What another program reads of the cores while something is done. */
async function watchedByAnother(work: () => Promise<void>): Promise<readonly Seen[]> {
  const path = fileURLToPath(new URL('../bare/watch-stat.py', import.meta.url))
  const child = spawn('python3', [path], { stdio: ['pipe', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  await once(child, 'spawn')
  try {
    await work()
  } finally {
    child.stdin.end()
    await once(child, 'close')
  }
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
}

/** Busy seconds of a core at an instant, between the two readings around it. */
function busyAt(seen: readonly Seen[], core: number, seconds: number): number {
  const after = seen.findIndex((line) => (line[0] as number) >= seconds)
  const [a, b] = [seen[after - 1], seen[after]] as [Seen, Seen]
  const share = (seconds - (a[0] as number)) / ((b[0] as number) - (a[0] as number))
  const column = core + 1
  return (a[column] as number) + share * ((b[column] as number) - (a[column] as number))
}

const cores: Benchmark = {
  name: 'core-times',
  asked:
    'busy share of each core against /proc/stat read by another program over the same time ≤ 1 point apart',
  unit: 'points, the core farthest off',
  isMet: (measured) => measured <= 1,
  measure: () =>
    withLab(async (lab) => {
      let releasedAt = 0
      let run: Run | undefined
      const seen = await watchedByAnother(async () => {
        const plan = { models: ['processes' as const], workers: [1], duration_s: 10 }
        run = await runPlan(lab, { ...plan, repeat: 1, warmup: 0 }, (event) => {
          if (event.type !== 'phase' || event.name !== 'work') return
          releasedAt = Number(process.hrtime.bigint()) / 1e9
        })
      })
      const trial = run?.trials[0]
      if (trial === undefined) throw new Error('no trial')
      const samples = (await lab.saved.samples(trial.id)).filter(
        ({ stream, t_ms }) => stream === 'machine' && t_ms > 0 && t_ms < 10_000,
      )
      return Math.max(...farthest(samples, seen, releasedAt))
    }),
}

/** By core, how far the mean of the samples lies from what the other program saw, in points. */
function farthest(samples: readonly Sample[], seen: readonly Seen[], releasedAt: number): number[] {
  const [first, ...others] = samples
  const last = samples.at(-1)
  if (first === undefined || last === undefined) throw new Error('no samples')
  const [from, to] = [first, last].map(({ t_ms }) => releasedAt + t_ms / 1000) as [number, number]
  const count = (seen[0] as Seen).length - 1
  return Array.from({ length: count }, (_, core) => {
    const series: SampleSeries = `core.${core}.busy`
    const ours = others.reduce((sum, { dt_ms, values }) => sum + dt_ms * (values[series] ?? 0), 0)
    const mean = ours / (last.t_ms - first.t_ms)
    const theirs = (busyAt(seen, core, to) - busyAt(seen, core, from)) / (to - from)
    console.error(`  core ${core}    ours ${mean.toFixed(4)}, /proc/stat ${theirs.toFixed(4)}`)
    return Math.abs(mean - theirs) * 100
  })
}

/**
 * CPU time of a trial as the lab tells it, and what the kernel charged for the whole tree when it was
 * waited for. The latter holds starting and ending as well, which two trials of different length have
 * in common.
 */
async function cpuOfTrial(model: 'threads' | 'processes', tasks: number) {
  return withLab(async (lab) => {
    const waitedFor = () => observerCost()?.childrenMs ?? Number.NaN
    let before = 0
    let kernel = 0
    const plan = { models: [model], workers: [2], tasks, repeat: 1, warmup: 0 }
    const run = await runPlan(lab, plan, (event) => {
      if (event.type === 'trial-started') before = waitedFor()
      if (event.type === 'trial-ended') kernel = waitedFor() - before
    })
    return { told: Number(run.trials[0]?.metrics.cpu_ms), kernel }
  })
}

const few = 200
const many = 3000

const trialCpu: Benchmark = {
  name: 'trial-cpu',
  asked:
    "a trial's CPU time against the kernel's accounting of the tree (rusage of what was waited for): ≤ 2 % apart",
  unit: '%, the model farthest off',
  isMet: (measured) => measured <= 2,
  async measure() {
    const apart: number[] = []
    for (const model of ['threads', 'processes'] as const) {
      const short = await cpuOfTrial(model, few)
      const long = await cpuOfTrial(model, many)
      const ratio = (long.told - short.told) / (long.kernel - short.kernel)
      console.error(`  ${model.padEnd(10)}told : kernel ${ratio.toFixed(4)}`)
      apart.push(Math.abs(ratio - 1) * 100)
    }
    return Math.max(...apart)
  },
}

export const accuracyBenchmarks = [cores, trialCpu]
