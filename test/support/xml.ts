/** An element as it was read; nothing of it is forgiven, as a browser would. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** Of its own, without that of its children. */
  readonly text: string
}

const tag = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/**
 * Reads a document of elements, attributes and text, strictly: what is no well-formed XML throws.
 *
 * @throws Error that says where
 */
export function parseXml(document: string): XmlElement {
  if (forbidden.test(document) || !document.isWellFormed()) throw new Error('forbidden character')
  const top = { name: '', attributes: {}, children: [] as XmlElement[], text: '' }
  const open = [top]
  let at = 0
  while (at < document.length) {
    const parent = open.at(-1) as typeof top
    if (document[at] !== '<') {
      const end = document.indexOf('<', at)
      const text = document.slice(at, end === -1 ? document.length : end)
      parent.text += decoded(text, at)
      at += text.length
      continue
    }
    tag.lastIndex = at
    const found = tag.exec(document)
    if (found === null) throw new Error(`no tag at ${at}: ${document.slice(at, at + 60)}`)
    const [whole, isEnd, name = '', attributes = '', isEmpty] = found
    at += whole.length
    if (isEnd === '/') {
      if (parent.name !== name) throw new Error(`</${name}> ends <${parent.name}> at ${at}`)
      open.pop()
      continue
    }
    const element = { name, attributes: attributesIn(attributes, at), children: [], text: '' }
    parent.children.push(element)
    if (isEmpty === '') open.push(element)
  }
  const [root] = top.children
  if (open.length !== 1 || top.children.length !== 1 || root === undefined) {
    throw new Error('not one element')
  }
  return root
}

/** All texts in it, in order. */
export function textsOf({ text, children }: XmlElement): string[] {
  return [...(text.trim() === '' ? [] : [text.trim()]), ...children.flatMap(textsOf)]
}

function attributesIn(text: string, at: number): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name = '', value = ''] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (name in found) throw new Error(`${name} twice at ${at}`)
    found[name] = decoded(value, at)
  }
  return found
}

function decoded(text: string, at: number): string {
  const rest = text.replace(/&(#\d+|amp|lt|gt|quot|apos);/g, '')
  if (rest.includes('&')) throw new Error(`& at ${at}`)
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
