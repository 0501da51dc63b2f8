import { Agent, get } from 'node:http'
import { crc32 } from 'node:zlib'
import { crc32BitByBit } from './crc32.ts'
import { readHtml } from './html-reader.ts'
import { pageLimits } from './http.ts'
import { pageContent, siteLimits } from './made-up-site.ts'
import { defineWorkload, garbageBytes } from './workload.ts'

export default defineWorkload({
  name: 'crawl',
  kind: 'io',
  description:
    "fetches a page from the lab's own server and reads its links and words: waits, then computes",
  parameters: {
    latency_ms: {
      description: 'time the server waits before it answers',
      unit: 'ms',
      minimum: 0,
      maximum: pageLimits.latencyMs,
      default: 10,
      whole: true,
    },
    words: {
      description: 'words on a page',
      unit: 'words',
      minimum: 1,
      maximum: siteLimits.words,
      default: 10_000,
      whole: true,
    },
    links: {
      description: 'links on a page, at most one a word',
      unit: 'links',
      minimum: 0,
      maximum: siteLimits.links,
      default: 100,
      whole: true,
    },
  },
  needs: 'server',
  // The page as bytes and as a text, a word with its mark-up some 13 letters, and what is cut from it.
  memoryBytes: ({ words, links }) => garbageBytes + 200 * (words + links),
  async prepare({ latency_ms, words, links }, { seed, worker, serverPort }) {
    if (serverPort === null) throw new Error('crawl needs a server')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const fetchPage = (page: number, latency: number) => {
      const query = `latency_ms=${latency}&words=${words}&links=${links}&seed=${seed}`
      return fetchText({ port: serverPort, path: `/site/${page}?${query}`, agent })
    }
    // The server makes a page up when it is first asked for: not while anything is measured.
    if (worker === 0) for (let page = 0; page < siteLimits.pages; page++) await fetchPage(page, 0)
    return {
      async task(index) {
        const page = readHtml(await fetchPage(index % siteLimits.pages, latency_ms))
        return crc32(summary(page.title, page.links, page.words))
      },
      close: () => agent.destroy(),
    }
  },
  /** From what the pages were written from; nothing is fetched, and no HTML is read. */
  expected: ({ words, links }, seed) =>
    Array.from({ length: siteLimits.pages }, (_, page) => {
      const content = pageContent({ page, words, links, seed })
      const counts = new Map<string, number>()
      for (const word of content.words) counts.set(word, (counts.get(word) ?? 0) + 1)
      const targets = content.links.map((target) => `/site/${target}`)
      return crc32BitByBit(Buffer.from(summary(content.title, targets, counts)))
    }),
})

/**
 * What the lab's own server answers.
 *
 * @throws Error where it answers anything but 200, or not at all
 */
function fetchText(from: {
  readonly port: number
  readonly path: string
  readonly agent: Agent
}): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', ...from }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(parts).toString())
        else reject(new Error(`the server answered ${response.statusCode}`))
      })
    }).on('error', reject)
  })
}

/** What was found on a page, as one text: its links in their order, its words in that of their letters. */
function summary(
  title: string,
  links: readonly string[],
  words: ReadonlyMap<string, number>,
): string {
  const counts = [...words].sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([title, links, counts])
}
