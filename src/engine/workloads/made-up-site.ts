import { randomNumbers } from '../../shared/random.ts'

/** What the server makes up at most. */
export const siteLimits = { pages: 64, links: 1000, words: 100_000 } as const

export interface PagePlan {
  readonly page: number
  readonly links: number
  readonly words: number
  readonly seed: number
}

/** What a page says, before it is written as HTML. */
export interface PageContent {
  readonly title: string
  /** Numbers of the pages it links to, in order. */
  readonly links: readonly number[]
  /** Its words in order, those of the links among them. */
  readonly words: readonly string[]
}

const syllables = ['co', 're', 'thre', 'ad', 'pro', 'cess', 'ma', 'chi', 'ne', 'lo', 'op', '&', '<']

/** A page made up from its number and a seed: an equal plan gives an equal page. */
export function pageContent(plan: PagePlan): PageContent {
  return makeUp(plan, () => {})
}

/** The same page as HTML, with what a parser must see through: comments, scripts, quotes, entities. */
export function pageHtml(plan: PagePlan): string {
  const parts: string[] = []
  const { title } = makeUp(plan, (part) => parts.push(part))
  const head = `<!doctype html>\n<html lang="en"><head><title>${escaped(title)}</title>
<script>if (1 < 2) document.write('<a href="/site/0">not a link</a>')</script></head>\n<body>\n`
  return `${head}${parts.join('')}\n</body></html>\n`
}

function makeUp({ page, links, words, seed }: PagePlan, write: (part: string) => void) {
  const next = randomNumbers((seed ^ Math.imul(page + 1, 0x9e3779b9)) >>> 0)
  const vocabulary = Array.from({ length: 200 }, () =>
    Array.from(
      { length: 1 + (next() % 4) },
      () => syllables[next() % syllables.length] as string,
    ).join(''),
  )
  const written = vocabulary.map(escaped)
  const said: string[] = []
  const targets: number[] = []
  for (let at = 0; at < words; at++) {
    const which = next() % vocabulary.length
    const text = written[which] as string
    said.push(vocabulary[which] as string)
    // Links stand at even distances; where there are more than words, each word is one.
    if (Math.floor(((at + 1) * links) / words) > Math.floor((at * links) / words)) {
      const target = next() % siteLimits.pages
      targets.push(target)
      const quote = next() % 2 === 0 ? '"' : "'"
      write(`<a class=${quote}a > b${quote} href=${quote}/site/${target}${quote}>${text}</a> `)
    } else if (next() % 16 === 0) {
      write(`<em data-note="<a href='/site/1'>">${text}</em><!-- <a href="/site/2">no</a> --> `)
    } else {
      write(at % 50 === 49 ? `${text}<br>\n` : `${text} `)
    }
  }
  return { title: `Page ${page} < ${siteLimits.pages}`, links: targets, words: said }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
