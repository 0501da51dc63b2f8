import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { crc32BitByBit } from './crc32.ts'
import { randomBuffer } from './random-buffer.ts'
import { defineWorkload } from './workload.ts'

export default defineWorkload({
  name: 'file',
  kind: 'io',
  description:
    'writes a file, syncs it to the disk, reads it back and compares: waits for the disk',
  parameters: {
    size_kib: {
      description: 'size of the file',
      unit: 'KiB',
      minimum: 1,
      maximum: 65_536,
      default: 256,
      whole: true,
    },
  },
  needs: 'folder',
  memoryBytes: ({ size_kib }) => 2 * size_kib * 1024,
  prepare({ size_kib }, { seed, worker, folder }) {
    if (folder === null) throw new Error('file needs a folder')
    const path = join(folder, `worker-${worker}.bin`)
    const content = randomBuffer(size_kib * 1024, seed)
    return {
      async task() {
        const file = await open(path, 'w', 0o600)
        try {
          await file.writeFile(content)
          await file.sync()
        } finally {
          await file.close()
        }
        const found = await readFile(path)
        // −1 is no checksum: the task is then counted as wrong.
        return found.equals(content) ? crc32(found) : -1
      },
      close: () => rm(path, { force: true }),
    }
  },
  expected: ({ size_kib }, seed) => [crc32BitByBit(randomBuffer(size_kib * 1024, seed))],
})
