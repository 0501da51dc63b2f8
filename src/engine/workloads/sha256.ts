import { createHash } from 'node:crypto'
import { randomBuffer } from './random-buffer.ts'
import { defineWorkload } from './workload.ts'

export default defineWorkload({
  name: 'sha256',
  kind: 'cpu',
  description: 'hashes a buffer, k rounds, each over the digest before and the buffer: native code',
  parameters: {
    size_kib: {
      description: 'size of the buffer',
      unit: 'KiB',
      minimum: 1,
      maximum: 16_384,
      default: 1024,
      whole: true,
    },
    rounds: {
      description: 'times the buffer is hashed in a task',
      unit: 'rounds',
      minimum: 1,
      maximum: 64,
      default: 4,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: ({ size_kib }) => size_kib * 1024,
  prepare({ size_kib, rounds }, { seed }) {
    const buffer = randomBuffer(size_kib * 1024, seed)
    return {
      task() {
        let digest: Uint8Array = new Uint8Array(0)
        for (let round = 0; round < rounds; round++) {
          digest = createHash('sha256').update(digest).update(buffer).digest()
        }
        return checksumOfDigest(digest)
      },
    }
  },
  /** By a SHA-256 written in JavaScript, where the kernel's is OpenSSL's. */
  async expected({ size_kib, rounds }, seed) {
    const { sha256 } = await import('@noble/hashes/sha2.js')
    const buffer = randomBuffer(size_kib * 1024, seed)
    let digest: Uint8Array = new Uint8Array(0)
    for (let round = 0; round < rounds; round++) {
      digest = sha256.create().update(digest).update(buffer).digest()
    }
    return [checksumOfDigest(digest)]
  },
})

/** The first 48 bits, which a number holds exactly. */
export function checksumOfDigest(digest: Uint8Array): number {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).readUIntBE(0, 6)
}
