import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { median } from 'simple-statistics'
import { cli } from '../support/programs.ts'
import type { Benchmark } from './benchmark.ts'

const run = promisify(execFile)
const rounds = 15

async function timed(argv: readonly string[]): Promise<number> {
  const start = performance.now()
  await run(process.execPath, argv)
  return performance.now() - start
}

export const cliStartBenchmark: Benchmark = {
  name: 'cli-start',
  asked: '"corescope workloads" minus 1.5 × "node -e 0", medians of 15 in turn, < 100',
  unit: 'ms',
  isMet: (measured) => measured < 100,
  async measure() {
    const ours: number[] = []
    const bare: number[] = []
    for (let round = 0; round < rounds; round++) {
      bare.push(await timed(['-e', '0']))
      ours.push(await timed([cli, 'workloads']))
    }
    return median(ours) - 1.5 * median(bare)
  },
}
