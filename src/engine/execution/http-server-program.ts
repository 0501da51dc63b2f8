import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { pageBody, pageLimits } from '../workloads/http.ts'
import { pageHtml, siteLimits } from '../workloads/made-up-site.ts'

/*
 * The lab's own server, outside the measured tree. It listens on loopback alone, on a port the
 * system picks, and gives out nothing but pages it makes up: `/page/N` is plain text, `/site/N` HTML.
 */
const bodies = new Map<string, Buffer>()
/** A site is kept until another is asked for. */
let site = ''

const server = createServer(async (request, response) => {
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1')
  const latencyMs = whole(url?.searchParams.get('latency_ms'), 0, pageLimits.latencyMs)
  const found = url === null ? null : (textPage(url) ?? sitePage(url))
  if (request.method !== 'GET' || found === null || latencyMs === null) {
    response.writeHead(400).end()
    return
  }
  if (latencyMs > 0) await setTimeout(latencyMs)
  const body = found.body()
  response.writeHead(200, { 'content-type': found.type, 'content-length': body.length })
  response.end(body)
})

interface Page {
  readonly type: string
  body(): Buffer
}

function textPage({ pathname, searchParams }: URL): Page | null {
  const page = whole(/^\/page\/(\d+)$/.exec(pathname)?.[1], 0, pageLimits.pages - 1)
  const sizeKib = whole(searchParams.get('size_kib'), 1, pageLimits.sizeKib)
  if (page === null || sizeKib === null) return null
  const body = () => kept(`${page} ${sizeKib}`, () => pageBody(page, sizeKib * 1024))
  return { type: 'text/plain', body }
}

function sitePage({ pathname, searchParams }: URL): Page | null {
  const page = whole(/^\/site\/(\d+)$/.exec(pathname)?.[1], 0, siteLimits.pages - 1)
  const words = whole(searchParams.get('words'), 1, siteLimits.words)
  const links = whole(searchParams.get('links'), 0, siteLimits.links)
  const seed = whole(searchParams.get('seed'), 0, 2 ** 32 - 1)
  if (page === null || words === null || links === null || seed === null) return null
  const body = () => {
    const asked = `site ${words} ${links} ${seed}`
    if (asked !== site) bodies.clear()
    site = asked
    return kept(`${asked} ${page}`, () => Buffer.from(pageHtml({ page, words, links, seed })))
  }
  return { type: 'text/html; charset=utf-8', body }
}

/** A page is made up when it is first asked for. */
function kept(key: string, make: () => Buffer): Buffer {
  const body = bodies.get(key) ?? make()
  bodies.set(key, body)
  return body
}

/** One connection a worker, and some to spare. */
server.maxConnections = 5000
server.keepAliveTimeout = 60_000
server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port })
})

process.on('disconnect', () => process.exit())

function whole(text: string | null | undefined, minimum: number, maximum: number): number | null {
  if (text === null || text === undefined || !/^\d{1,10}$/.test(text)) return null
  const value = Number(text)
  return value >= minimum && value <= maximum ? value : null
}
