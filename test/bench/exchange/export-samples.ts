import { createReadStream } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Lab, writeWhole } from '../../../src/engine/lab.ts'
import { programs } from '../../support/programs.ts'
import type { Exported } from './csv-export.ts'

/* Exports the samples of a run, and says what that took: node export-samples.ts DATABASE RUN FOLDER */

const [databasePath, id, folder] = process.argv.slice(2) as [string, string, string]
const lab = new Lab({ databasePath, programs, version: 'bench' })
const request = { of: { run: Number(id) }, form: 'samples.csv', theme: 'light' } as const
await mkdir(folder, { recursive: true })
await lab.saved.run(request.of.run)

globalThis.gc?.()
const idleBytes = process.memoryUsage.rss()
let peakBytes = idleBytes
const watch = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
}, 5)

let progressTold = 0
const path = join(folder, 'samples.csv')
const startedAt = performance.now()
const source = await lab.exchange.export(request, { progress: () => progressTold++ })
await writeWhole(source, path)
const ms = performance.now() - startedAt
clearInterval(watch)

let rows = -1
for await (const chunk of createReadStream(path)) {
  for (const byte of chunk as Buffer) if (byte === 10) rows++
}

// Once more, and given up at a third of it.
const given = new AbortController()
let cancelledAt = 0
const cancelled = await lab.exchange.export(request, {
  signal: given.signal,
  progress: (share) => {
    if ((share ?? 0) < 1 / 3 || given.signal.aborted) return
    cancelledAt = performance.now()
    given.abort()
  },
})
await writeWhole(cancelled, join(folder, 'cancelled.csv'), given.signal).catch(() => {})
const msToCancel = performance.now() - cancelledAt
const leftAfterCancel = (await readdir(folder)).filter((name) => name !== 'samples.csv')
await lab.close()

const exported: Exported = {
  ...{ rows, ms, idleBytes, peakBytes, progressTold, msToCancel, leftAfterCancel },
}
process.stdout.write(JSON.stringify(exported))
