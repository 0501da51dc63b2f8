import { describe, expect, it } from 'vitest'
import { readHtml } from '../../src/engine/workloads/html-reader.ts'
import { pageContent, pageHtml, siteLimits } from '../../src/engine/workloads/made-up-site.ts'

describe('the made-up site', () => {
  it.each([
    { page: 0, words: 1, links: 0, seed: 0 },
    { page: 3, words: 500, links: 20, seed: 7 },
    { page: 63, words: 50, links: 50, seed: 4_294_967_295 },
    { page: 9, words: 10, links: siteLimits.links, seed: 1 },
  ])('is read as it was meant: %o', (plan) => {
    const { title, links, words } = pageContent(plan)
    const read = readHtml(pageHtml(plan))
    expect(words).toHaveLength(plan.words)
    expect(links).toHaveLength(Math.min(plan.links, plan.words))
    expect(read.title).toBe(title)
    expect(read.links).toEqual(links.map((target) => `/site/${target}`))
    const counts = new Map<string, number>()
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
    expect(read.words).toEqual(counts)
  })
})

describe('the reader of HTML', () => {
  it('takes links from tags alone, whatever looks like one elsewhere', () => {
    const { links, words } = readHtml(
      '<a class="x > y" href=\'/1\'>one</a><!-- <a href="/2">two</a> --><em title="<a href=\'/3\'>">' +
        '&lt;a&gt;</em><script>"<a href=/4>"</script><abbr href="/5">five</abbr><a name="href">',
    )
    expect(links).toEqual(['/1'])
    expect([...words]).toEqual([
      ['one', 1],
      ['<a>', 1],
      ['five', 1],
    ])
  })

  it('comes to an end with whatever has none', () => {
    for (const cut of ['<', '<!-- ', '<a href="', '<script>', '<title>', 'a &', '<a href="/1"']) {
      expect(() => readHtml(cut)).not.toThrow()
    }
  })
})
