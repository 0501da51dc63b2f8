import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { pageBody, pageLimits } from '../workloads/http.ts'

/*
 * The lab's own server, outside the measured tree. It listens on loopback alone, on a port the
 * system picks, and gives out nothing but pages it makes up.
 */
const bodies = new Map<string, Buffer>()

const server = createServer(async (request, response) => {
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1')
  const page = whole(/^\/page\/(\d+)$/.exec(url?.pathname ?? '')?.[1], 0, pageLimits.pages - 1)
  const sizeKib = whole(url?.searchParams.get('size_kib'), 1, pageLimits.sizeKib)
  const latencyMs = whole(url?.searchParams.get('latency_ms'), 0, pageLimits.latencyMs)
  if (request.method !== 'GET' || page === null || sizeKib === null || latencyMs === null) {
    response.writeHead(400).end()
    return
  }
  if (latencyMs > 0) await setTimeout(latencyMs)
  const key = `${page} ${sizeKib}`
  let body = bodies.get(key)
  if (body === undefined) {
    body = pageBody(page, sizeKib * 1024)
    bodies.set(key, body)
  }
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length })
  response.end(body)
})

/** One connection a worker, and some to spare. */
server.maxConnections = 5000
server.keepAliveTimeout = 60_000
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port })
})

process.on('disconnect', () => process.exit())

function whole(text: string | null | undefined, minimum: number, maximum: number): number | null {
  if (text === null || text === undefined || !/^\d{1,9}$/.test(text)) return null
  const value = Number(text)
  return value >= minimum && value <= maximum ? value : null
}
