/** What a crawler takes from a page. */
export interface ReadPage {
  readonly title: string
  readonly links: readonly string[]
  /** How often each word stands on the page. */
  readonly words: ReadonlyMap<string, number>
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

/** Reads the HTML that the lab's server makes up: tags, quoted attributes, comments, scripts, entities. */
export function readHtml(html: string): ReadPage {
  const links: string[] = []
  const words = new Map<string, number>()
  let title = ''
  let at = 0
  while (at < html.length) {
    if (html[at] !== '<') {
      const to = before(html, '<', at)
      for (const word of unescaped(html.slice(at, to)).split(/\s+/)) {
        if (word !== '') words.set(word, (words.get(word) ?? 0) + 1)
      }
      at = to
    } else if (html.startsWith('<!--', at)) {
      at = before(html, '-->', at) + '-->'.length
    } else {
      const to = endOfTag(html, at)
      const tag = html.slice(at + 1, to)
      at = to + 1
      if (/^script\b/.test(tag)) at = before(html, '</script', at)
      else if (/^a\s/.test(tag)) links.push(...hrefOf(tag))
      else if (tag === 'title') {
        const end = before(html, '</title', at)
        title = unescaped(html.slice(at, end))
        at = end
      }
    }
  }
  return { title, links, words }
}

/** Where a text begins next; the end where it does not. */
function before(html: string, text: string, from: number): number {
  const at = html.indexOf(text, from)
  return at < 0 ? html.length : at
}

/** The `>` that is in no quotes. */
function endOfTag(html: string, from: number): number {
  let quote = ''
  for (let at = from; at < html.length; at++) {
    const letter = html[at] as string
    if (quote !== '') {
      if (letter === quote) quote = ''
    } else if (letter === '"' || letter === "'") quote = letter
    else if (letter === '>') return at
  }
  return html.length
}

function hrefOf(tag: string): string[] {
  for (const [, name, double, single] of tag.matchAll(/\s([\w-]+)=(?:"([^"]*)"|'([^']*)')/g)) {
    if (name === 'href') return [unescaped(double ?? single ?? '')]
  }
  return []
}

function unescaped(text: string): string {
  return text.includes('&')
    ? text.replace(/&(\w+);/g, (whole, name) => entities[name as string] ?? whole)
    : text
}
