/** A list that is made while it is written: each item on a line of its own. */
export class LongList {
  readonly items: () => Iterable<unknown>

  constructor(items: () => Iterable<unknown>) {
    this.items = items
  }
}

/** Levels of a document that are written member by member; what lies deeper comes in one piece. */
const splitLevels = 4

/** A document as indented JSON, piece by piece, so that the whole is never held as a text. */
export function* jsonText(value: unknown, level = 0): Generator<string> {
  const indent = '  '.repeat(level)
  if (value instanceof LongList) {
    yield* listText(value, indent)
    return
  }
  const isList = Array.isArray(value)
  const entries: readonly (readonly [string, unknown])[] =
    typeof value !== 'object' || value === null || level >= splitLevels
      ? []
      : isList
        ? value.map((item) => ['', item] as const)
        : Object.entries(value).filter(([, member]) => member !== undefined)
  if (entries.length === 0) {
    // No line break of a text is one of these: JSON writes those as \n.
    yield JSON.stringify(value ?? null, null, 2).replaceAll('\n', `\n${indent}`)
    return
  }
  const [open, close] = isList ? '[]' : '{}'
  let lead = `${open}\n${indent}  `
  for (const [name, member] of entries) {
    yield isList ? lead : `${lead}${JSON.stringify(name)}: `
    yield* jsonText(member, level + 1)
    lead = `,\n${indent}  `
  }
  yield `\n${indent}${close}`
}

function* listText({ items }: LongList, indent: string): Generator<string> {
  let lead = `[\n${indent}  `
  for (const item of items()) {
    yield lead + JSON.stringify(item)
    lead = `,\n${indent}  `
  }
  yield lead.startsWith('[') ? '[]' : `\n${indent}]`
}
