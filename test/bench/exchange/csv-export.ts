import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Benchmark } from '../benchmark.ts'
import { writeManySamples } from './many-samples.ts'

/** What a process that exports has measured of itself. */
export interface Exported {
  readonly rows: number
  readonly ms: number
  readonly idleBytes: number
  readonly peakBytes: number
  readonly progressTold: number
  readonly msToCancel: number
  readonly leftAfterCancel: readonly string[]
}

const rows = 2_000_000
let measured: Promise<Exported> | undefined

/** Once for all figures of it, in a process of its own. */
function measure(): Promise<Exported> {
  measured ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corescope-bench-'))
    try {
      const database = join(folder, 'bench.db')
      const id = writeManySamples(database, rows)
      const program = fileURLToPath(new URL('export-samples.ts', import.meta.url))
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...['--expose-gc', program, database, String(id), join(folder, 'out')],
      ])
      const exported = JSON.parse(stdout) as Exported
      console.error(`  ${JSON.stringify(exported)}`)
      if (exported.rows < rows) throw new Error(`${exported.rows} rows were written`)
      return exported
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })()
  return measured
}

export const csvBenchmarks: readonly Benchmark[] = [
  {
    name: 'csv-2m',
    asked: 'CSV export of 2,000,000 rows: ≥ 300,000 rows/s',
    unit: 'rows/s',
    measure: async () => {
      const { rows: written, ms } = await measure()
      return Math.round((written / ms) * 1000)
    },
    isMet: (perSecond) => perSecond >= 300_000,
  },
  {
    name: 'csv-2m-memory',
    asked: 'the same: memory flat, ≤ 150 MB above idle',
    unit: 'MB',
    measure: async () => {
      const { idleBytes, peakBytes } = await measure()
      return (peakBytes - idleBytes) / 1e6
    },
    isMet: (megabytes) => megabytes <= 150,
  },
  {
    name: 'csv-2m-cancel',
    asked: 'the same: progress told and cancellable, nothing left behind (ms until it has ended)',
    unit: 'ms',
    measure: async () => {
      const { progressTold, msToCancel, leftAfterCancel } = await measure()
      return progressTold > 5 && leftAfterCancel.length === 0 ? msToCancel : Number.NaN
    },
    isMet: (ms) => ms <= 500,
  },
]
