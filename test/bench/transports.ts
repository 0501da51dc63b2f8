import { spawn } from 'node:child_process'
import os from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Lab } from '../../src/engine/lab.ts'
import { type Benchmark, medianRatio } from './benchmark.ts'
import { withLab } from './with-lab.ts'

const pairs = 11

/** Each transport with the bare script that does the same. */
const transports = [
  ['clone', 'threads', 'structured clone'],
  ['transfer', 'threads', 'transfer'],
  ['shared', 'threads', 'shared memory'],
  ['json', 'processes', 'fork json'],
  ['advanced', 'processes', 'fork advanced'],
  ['pipe', 'processes', 'pipe'],
  ['file', 'processes', 'file'],
] as const

const sizes = [
  ['1KiB', 1024],
  ['1MiB', 1024 * 1024],
] as const

/**
 * Median round trip, in ms. Leader of a group as a host is: Linux may share the cores by session, so that on
 * a machine that does other work too a script beside the shell is not where a host is.
 */
async function bare(name: string, size: number): Promise<number> {
  const path = fileURLToPath(new URL(`./bare/transport-${name}.ts`, import.meta.url))
  const script = spawn(process.execPath, [path, String(size)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: process.platform !== 'win32',
  })
  return Number(await text(script.stdout))
}

/** Median round trip of one trial, in ms: as a run of the experiment has it, sampled and kept. */
async function throughLab(
  lab: Lab,
  model: 'threads' | 'processes',
  variant: string,
  size: number,
): Promise<number> {
  const plan = await lab.checkPlan({ experiment: 'transports', repeat: 1 })
  const configuration = {
    ...{
      workload: 'transports',
      parameters: { payload_bytes: size },
      runtime: 'node' as const,
      interpreter: null,
    },
    ...{ model, workers: 1, scheduling: 'static' as const, variant },
  }
  const started = await lab.start(plan, {
    ...{ force: true, announce: () => {}, configurations: [configuration] },
  })
  const { run: result } = await started.finished
  const [trial] = result.trials
  if (trial?.status !== 'done') throw new Error(`${variant}: ${trial?.reason}`)
  return Number(trial.observations?.round_trip_ms)
}

/** Payloads below it are carried in less time than it takes to wake a core. */
const wakingWeighs = 64 * 1024

/**
 * Keeps every core from going idle, for either side alike: to wake a core that sleeps takes a virtual
 * machine up to ten times as long as a small round trip itself, and which side finds it asleep is chance.
 * With large payloads what spins would take more than it gives: Linux shares the cores by session.
 */
async function whileAwake<T>(work: () => Promise<T>): Promise<T> {
  const spinning = os.cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);']))
  for (const { pid } of spinning)
    if (pid !== undefined) os.setPriority(pid, os.constants.priority.PRIORITY_LOW)
  try {
    return await work()
  } finally {
    for (const each of spinning) each.kill('SIGKILL')
  }
}

export const transportBenchmarks: readonly Benchmark[] = transports.flatMap(
  ([script, model, variant]) =>
    sizes.map(([name, size]) => ({
      name: `transport-${script}-${name}`,
      asked: `round trip through the lab : in a bare script, median of ${pairs} pairs 0.95 to 1.05`,
      unit: 'ratio',
      isMet: (measured: number) => measured >= 0.95 && measured <= 1.05,
      measure: () => {
        const compare = () =>
          withLab((lab) =>
            medianRatio(
              pairs,
              () => throughLab(lab, model, variant, size),
              () => bare(script, size),
            ),
          )
        return size < wakingWeighs ? whileAwake(compare) : compare()
      },
    })),
)
