import { Agent, get } from 'node:http'
import { crc32 } from 'node:zlib'
import { crc32BitByBit } from './crc32.ts'
import { defineWorkload } from './workload.ts'

/** What the server gives at most. Tasks ask for so many different pages, then for the first again. */
export const pageLimits = { pages: 64, sizeKib: 1024, latencyMs: 10_000 } as const
const { pages } = pageLimits

export default defineWorkload({
  name: 'http',
  kind: 'io',
  description:
    "asks the lab's own loopback server, which answers after a set time: waits for a net",
  parameters: {
    latency_ms: {
      description: 'time the server waits before it answers',
      unit: 'ms',
      minimum: 0,
      maximum: pageLimits.latencyMs,
      default: 20,
      whole: true,
    },
    size_kib: {
      description: 'size of an answer',
      unit: 'KiB',
      minimum: 1,
      maximum: pageLimits.sizeKib,
      default: 16,
      whole: true,
    },
  },
  needs: 'server',
  memoryBytes: ({ size_kib }) => 2 * size_kib * 1024,
  prepare({ size_kib, latency_ms }, { serverPort }) {
    if (serverPort === null) throw new Error('http needs a server')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const query = `size_kib=${size_kib}&latency_ms=${latency_ms}`
    return {
      task: (index) =>
        new Promise((resolve, reject) => {
          const path = `/page/${index % pages}?${query}`
          get({ host: '127.0.0.1', port: serverPort, path, agent }, (response) => {
            let checksum = 0
            response.on('data', (part: Buffer) => {
              checksum = crc32(part, checksum)
            })
            response.on('error', reject)
            response.on('end', () => {
              if (response.statusCode === 200) resolve(checksum)
              else reject(new Error(`the server answered ${response.statusCode}`))
            })
          }).on('error', reject)
        }),
      close: () => agent.destroy(),
    }
  },
  expected: ({ size_kib }) =>
    Array.from({ length: pages }, (_, page) => crc32BitByBit(pageBody(page, size_kib * 1024))),
})

/** What the server answers for a page: its number, over and over. */
export function pageBody(page: number, size: number): Buffer {
  return Buffer.alloc(size, `page ${page}\n`)
}
