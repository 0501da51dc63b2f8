import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import transports from '../../src/engine/execution/probes/transports.ts'
import type { TrialSpec } from '../../src/engine/execution/protocol.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { runTrial } from '../../src/engine/execution/trial.ts'
import { transportNames } from '../../src/engine/experiments/transport-list.ts'
import { programs } from '../support/programs.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()

function folderNamed(name: string): string {
  const folder = scratch.path(name)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Runs a trial in a real host. */
async function trial(name: string, model: TrialSpec['model'], bytes: number) {
  const reaper = await Reaper.start(programs.reaper)
  let host = 0
  const outcome = await runTrial(
    {
      ...{ workload: 'transports', isProbe: true, variant: name, model, workers: 1, seed: 7 },
      ...{ parameters: { payload_bytes: bytes }, scheduling: 'static', tasks: 1, durationMs: null },
      ...{ intervalMs: 250, baselineMs: 10, expected: null, serverPort: null },
      folder: folderNamed(`${name} ${bytes}`),
    },
    { runtime: 'node', program: programs.host },
    reaper,
    new AbortController().signal,
    {
      started: (processId) => {
        host = processId
      },
      phase: () => {},
      crew: () => {},
      report: () => {},
      look: async () => {},
    },
  )
  // Of the group that the host leads nobody is left, a partner neither.
  const isGroupAlive = () => isAlive(process.platform === 'win32' ? host : -host)
  await until('the end of the host and its partner', () => !isGroupAlive())
  reaper.close()
  return outcome
}

/** Observes a partner that is not ours. */
function observe(name: string, partner: string, bytes: number) {
  const partnerProgram = scratch.path(`${name}.cjs`)
  writeFileSync(partnerProgram, `process.send('ready'); ${partner}`)
  return transports.observe({
    ...{ model: 'processes', workers: 1, variant: 'fork advanced', seed: 1, partnerProgram },
    ...{ parameters: { payload_bytes: bytes }, folder: folderNamed(name), begin: () => {} },
  })
}

describe('a transport', () => {
  // Nothing, a byte, a length that fits no block, and more than a pipe or a socket holds.
  const sizes = [0, 1, 100_003, 2_000_000]

  for (const { name, model } of transportNames) {
    it(`carries payloads of any length there and back: ${name}`, async () => {
      for (const bytes of sizes) {
        const outcome = await trial(name, model, bytes)
        if (outcome.status !== 'observed') expect.fail(`${bytes}: ${JSON.stringify(outcome)}`)
        const { observations } = outcome.result
        const trip = Number(observations.round_trip_ms)
        expect(observations.payload_bytes).toBe(bytes)
        expect(observations.round_trips).toBeGreaterThan(0)
        expect(trip).toBeGreaterThan(0)
        expect(observations.round_trip_p5_ms).toBeLessThanOrEqual(trip)
        expect(observations.round_trip_p95_ms).toBeGreaterThanOrEqual(trip)
        expect(observations.megabytes_per_s).toBeCloseTo((2 * bytes) / 1e6 / (trip / 1e3), 6)
      }
    })
  }

  it('is not believed where something else comes back than was sent', async () => {
    const acknowledge = `
      const step = Math.max(1, Math.floor(b.length / 8))
      let sum = b.at(-1)
      for (let at = 0; at < b.length; at += step) sum += b[at]
      b[0] = sum`
    const right = `process.on('message', (b) => { ${acknowledge}; process.send(b) })`
    await expect(observe('right', right, 1000)).resolves.toMatchObject({ payload_bytes: 1000 })
    const wrong = {
      'never looked at': `process.on('message', (b) => process.send(b))`,
      'one byte of it': `process.on('message', (b) => { ${acknowledge}; b[501]++; process.send(b) })`,
      'only at first': `let n = 0; process.on('message', (b) => { if (n++ < 3) { ${acknowledge} } process.send(b) })`,
      'cut short': `process.on('message', (b) => { ${acknowledge}; process.send(b.subarray(0, 999)) })`,
    }
    for (const [name, partner] of Object.entries(wrong)) {
      await expect(observe(name, partner, 1000), name).rejects.toThrow(
        'what came back is not what was sent',
      )
    }
  })

  it('whose partner ends is told as that', async () => {
    const partner = `process.on('message', () => process.exit(3))`
    await expect(observe('ends', partner, 10)).rejects.toThrow(
      'the partner ended before its time: exit code 3',
    )
  })
})
