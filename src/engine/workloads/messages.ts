import { crc32 } from 'node:zlib'
import { randomNumbers } from '../../shared/random.ts'
import { crc32BitByBit } from './crc32.ts'
import { defineWorkload, garbageBytes } from './workload.ts'

/** Texts that differ, so that an answer to the task before is told from one to this. */
const variants = 4

export default defineWorkload({
  name: 'messages',
  kind: 'io',
  description: 'sends a text to the host and back, k times: what it costs to talk to a worker',
  parameters: {
    size_bytes: {
      description: 'length of the text',
      unit: 'bytes',
      minimum: 1,
      maximum: 16_777_216,
      default: 1024,
      whole: true,
    },
    round_trips: {
      description: 'times it is sent and comes back in a task',
      unit: 'round trips',
      minimum: 1,
      maximum: 10_000,
      default: 10,
      whole: true,
    },
  },
  needs: 'nothing',
  // The text here, on each of its ways as it is written, sent and read, and those not yet collected.
  memoryBytes: ({ size_bytes }) => 10 * size_bytes + Math.min(100 * size_bytes, 2 * garbageBytes),
  prepare({ size_bytes, round_trips }, { seed, exchange }) {
    const rest = letters(size_bytes - 1, seed)
    return {
      async task(index) {
        let text = firstLetter(index) + rest
        // Each trip goes on with what came back from the one before: an error anywhere stays.
        for (let trip = 0; trip < round_trips; trip++) text = await exchange(text)
        return crc32(text)
      },
    }
  },
  expected({ size_bytes }, seed) {
    const rest = letters(size_bytes - 1, seed)
    return Array.from({ length: variants }, (_, index) =>
      crc32BitByBit(Buffer.from(firstLetter(index) + rest)),
    )
  },
})

/** Letters of the base-64 alphabet: a byte each on every way, and none that has to be escaped. */
function letters(count: number, seed: number): string {
  const next = randomNumbers(seed)
  const bytes = Buffer.allocUnsafe(Math.ceil((count * 3) / 4))
  for (let at = 0; at < bytes.length; at++) bytes[at] = next()
  return bytes.toString('base64url').slice(0, count)
}

function firstLetter(index: number): string {
  return String.fromCharCode(97 + (index % variants))
}
