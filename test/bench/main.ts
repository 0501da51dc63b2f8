import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Benchmark } from './benchmark.ts'
import { cliStartBenchmark } from './cli-start.ts'
import { dispatchBenchmarks } from './dispatch.ts'
import { endingBenchmarks } from './endings.ts'
import { csvBenchmarks } from './exchange/csv-export.ts'
import { failuresBenchmark } from './failures.ts'
import { hourBenchmarks } from './hour/hour.ts'
import { libraryBenchmarks } from './library.ts'
import { pythonEndingBenchmark } from './python-endings.ts'
import { pythonHarnessBenchmarks } from './python-harness.ts'
import { pythonModelBenchmarks } from './python-models.ts'
import { safetyBenchmarks } from './safety.ts'
import { accuracyBenchmarks } from './sampling/accuracy.ts'
import { observerBenchmarks } from './sampling/observer.ts'
import { scalingBenchmark } from './scaling.ts'
import { screenBenchmarks } from './screen/frames.ts'
import { firstPaintBenchmark, openingBenchmark } from './screen/opening.ts'
import { selfTestBenchmarks } from './self-test.ts'
import { spawnBenchmarks } from './spawn.ts'
import { throughputBenchmarks } from './throughput.ts'
import { transportBenchmarks } from './transports.ts'

/*
 * `npm run bench [-- NAME…] [--json FILE]`: what is asked of the project beside what this machine
 * gives. Each benchmark stands alone and takes under two minutes; `kills-200` takes
 * ten.
 */
const benchmarks: readonly Benchmark[] = [
  ...throughputBenchmarks,
  ...dispatchBenchmarks,
  ...spawnBenchmarks,
  ...transportBenchmarks,
  ...pythonHarnessBenchmarks,
  ...pythonModelBenchmarks,
  cliStartBenchmark,
  ...endingBenchmarks,
  pythonEndingBenchmark,
  ...safetyBenchmarks,
  failuresBenchmark,
  ...selfTestBenchmarks,
  ...observerBenchmarks,
  ...accuracyBenchmarks,
  scalingBenchmark,
  ...hourBenchmarks,
  ...screenBenchmarks,
  openingBenchmark,
  firstPaintBenchmark,
  ...csvBenchmarks,
  ...libraryBenchmarks,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' } },
})
const unknown = positionals.filter((name) => !benchmarks.some((each) => each.name === name))
if (unknown.length > 0) {
  const names = benchmarks.map(({ name }) => name).join(', ')
  console.error(`bench: unknown: ${unknown.join(', ')}; allowed: ${names}`)
  process.exit(2)
}

const results: object[] = []
for (const { name, asked, unit, measure, isMet } of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const measured = Math.round((await measure()) * 1000) / 1000
  const ok = isMet(measured)
  results.push({ name, asked, measured, unit, ok })
  console.log(
    `${name}\n  asked     ${asked}\n  measured  ${measured} ${unit}  ${ok ? 'ok' : 'MISSED'}`,
  )
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`)
process.exitCode = results.every((each) => (each as { ok: boolean }).ok) ? 0 : 1
