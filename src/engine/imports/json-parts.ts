import { LabError, printable, shown } from '../../shared/model/problem.ts'

export type JsonPath = readonly (string | number)[]

/** How much of a document is held at once, and how deep it may go. */
export interface JsonLimits {
  /** Of the whole, in bytes. */
  readonly documentBytes: number
  /** Of one part. */
  readonly partBytes: number
  readonly partValues: number
  readonly depth: number
  /** Members of an object that is read member by member. */
  readonly members: number
}

export interface JsonListener {
  /** Whether what stands at a path is read member by member, and as what; null where it comes whole. */
  splits(path: JsonPath): 'object' | 'array' | null
  part(path: JsonPath, value: unknown): void
}

/** An object or list that is read member by member. */
interface Opened {
  readonly kind: 'object' | 'array'
  readonly names: Set<string>
  /** What is read now, by name or number. */
  at: string | number
  expects: 'first' | 'name' | 'colon' | 'value' | 'end'
}

const code = (character: string) => character.charCodeAt(0)
const [quote, backslash, comma, colon] = ['"', '\\', ',', ':'].map(code)
const [openObject, closeObject, openList, closeList] = ['{', '}', '[', ']'].map(code)
const blanks = new Set([' ', '\t', '\n', '\r'].map(code))
const mostNameBytes = 1000

/** Where a document is wrong, as `configurations[2].trials[0].metrics`. */
export function pathText(path: JsonPath): string {
  return path
    .map((step, at) => {
      if (typeof step === 'number') return `[${step}]`
      const name = printable(step.length > 60 ? `${step.slice(0, 60)}…` : step)
      return at === 0 ? name : `.${name}`
    })
    .join('')
}

/** @throws LabError `bad-input` */
export function refuse(path: JsonPath, what: string): never {
  const where = path.length === 0 ? '' : `${pathText(path)}: `
  throw new LabError('bad-input', `${where}${what}`)
}

/**
 * Takes a JSON document apart as it comes in, in bounded memory: the few objects and lists that can be
 * long are walked byte by byte, and what stands in them is parsed, part after part, by `JSON.parse`
 * (docs/decisions/0021). What is no JSON, too deep or too large is refused where it is met.
 */
export class JsonParts {
  readonly #limits: JsonLimits
  readonly #listener: JsonListener
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  readonly #opened: Opened[] = []
  #isDone = false
  #bytes = 0

  /** The part that is being read. */
  #isReading = false
  #pieces: Buffer[] = []
  #pieceBytes = 0
  #values = 0
  #depth = 0
  #isText = false
  #isEscaped = false
  #isName = false
  #isScalar = false

  constructor(limits: JsonLimits, listener: JsonListener) {
    this.#limits = limits
    this.#listener = listener
  }

  /** @throws LabError `bad-input` */
  write(chunk: Buffer): void {
    let from = 0
    if (this.#bytes === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) from = 3
    if (this.#bytes + chunk.length > this.#limits.documentBytes) {
      refuse([], `more than ${this.#limits.documentBytes} bytes are too many`)
    }
    while (from < chunk.length) {
      if (this.#isReading) from = this.#read(chunk, from)
      else {
        const byte = chunk[from] as number
        if (blanks.has(byte)) from++
        else from = this.#step(byte, chunk, from)
      }
    }
    this.#bytes += chunk.length
  }

  /** @throws LabError `bad-input`, where it is not whole */
  end(): void {
    if (this.#isDone) return
    if (this.#bytes === 0) refuse([], 'there is nothing in it')
    refuse(this.#path(), `it breaks off after ${this.#bytes} bytes`)
  }

  #path(): JsonPath {
    return this.#opened.filter(({ expects }) => expects !== 'first').map(({ at }) => at)
  }

  /** One byte between two parts. */
  #step(byte: number, chunk: Buffer, from: number): number {
    const top = this.#opened.at(-1)
    if (top === undefined) {
      if (this.#isDone) this.#wrong(byte, 'nothing more', chunk, from)
      return this.#begin(byte, chunk, from)
    }
    switch (top.expects) {
      case 'first':
      case 'name':
      case 'value': {
        const close = top.kind === 'object' ? closeObject : closeList
        if (top.expects === 'first' && byte === close) return this.#close(from)
        if (top.kind === 'array') {
          top.at = top.expects === 'first' ? 0 : top.at
          top.expects = 'value'
          return this.#begin(byte, chunk, from)
        }
        if (top.expects === 'value') return this.#begin(byte, chunk, from)
        if (byte !== quote) this.#wrong(byte, 'a name', chunk, from)
        if (top.names.size >= this.#limits.members) refuse(this.#path(), 'too many members')
        this.#startPart(true)
        return from
      }
      case 'colon':
        if (byte !== colon) this.#wrong(byte, 'a colon', chunk, from)
        top.expects = 'value'
        return from + 1
      case 'end': {
        const close = top.kind === 'object' ? closeObject : closeList
        if (byte === close) return this.#close(from)
        if (byte !== comma) this.#wrong(byte, 'a comma', chunk, from)
        top.expects = top.kind === 'object' ? 'name' : 'value'
        if (top.kind === 'array') top.at = (top.at as number) + 1
        return from + 1
      }
    }
  }

  /** A value begins. */
  #begin(byte: number, chunk: Buffer, from: number): number {
    const path = this.#path()
    const kind = this.#listener.splits(path)
    if (kind === null) {
      if (byte === comma || byte === colon || byte === closeList || byte === closeObject) {
        this.#wrong(byte, 'a value', chunk, from)
      }
      this.#startPart(false)
      this.#isScalar = byte !== quote && byte !== openObject && byte !== openList
      return from
    }
    const opens = kind === 'object' ? openObject : openList
    if (byte !== opens) this.#wrong(byte, kind === 'object' ? 'an object' : 'a list', chunk, from)
    this.#opened.push({ kind, names: new Set(), at: 0, expects: 'first' })
    return from + 1
  }

  #close(from: number): number {
    this.#opened.pop()
    this.#valueEnded()
    return from + 1
  }

  #valueEnded(): void {
    const top = this.#opened.at(-1)
    if (top === undefined) this.#isDone = true
    else top.expects = 'end'
  }

  #startPart(isName: boolean): void {
    this.#isReading = true
    this.#isName = isName
    this.#isScalar = false
    this.#isText = false
    this.#isEscaped = false
    this.#depth = 0
    this.#values = 0
    this.#pieces = []
    this.#pieceBytes = 0
  }

  /** Goes on with a part; ends it where it ends. */
  #read(chunk: Buffer, from: number): number {
    const { length } = chunk
    let at = from
    let isEnd = false
    for (; at < length && !isEnd; at++) {
      const byte = chunk[at] as number
      if (this.#isText) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (byte === backslash) this.#isEscaped = true
        else if (byte === quote) {
          this.#isText = false
          isEnd = this.#depth === 0
        }
      } else if (byte === quote) this.#isText = true
      else if (byte === openObject || byte === openList) {
        this.#values++
        this.#depth++
        if (this.#depth > this.#limits.depth) {
          refuse(this.#path(), `more than ${this.#limits.depth} levels deep`)
        }
      } else if (byte === closeObject || byte === closeList) {
        if (this.#isScalar) break
        this.#depth--
        isEnd = this.#depth === 0
      } else if (byte === comma) {
        if (this.#isScalar) break
        this.#values++
      } else if (this.#isScalar && blanks.has(byte)) break
    }
    this.#pieces.push(chunk.subarray(from, at))
    this.#pieceBytes += at - from
    const most = this.#isName ? mostNameBytes : this.#limits.partBytes
    if (this.#pieceBytes > most) refuse(this.#path(), `more than ${most} bytes are too many`)
    if (this.#values > this.#limits.partValues) {
      refuse(this.#path(), `more than ${this.#limits.partValues} values are too many`)
    }
    if (isEnd || (this.#isScalar && at < length)) this.#endPart()
    return at
  }

  #endPart(): void {
    this.#isReading = false
    const value = this.#parsed()
    const top = this.#opened.at(-1)
    if (!this.#isName || top === undefined) {
      const path = this.#path()
      this.#valueEnded()
      this.#listener.part(path, value)
      return
    }
    const name = value as string
    top.at = name
    top.expects = 'colon'
    if (top.names.has(name)) refuse(this.#path(), 'given twice; allowed: once')
    top.names.add(name)
  }

  #parsed(): unknown {
    const bytes =
      this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces)
    this.#pieces = []
    let text: string
    try {
      text = this.#decoder.decode(bytes)
    } catch {
      return refuse(this.#path(), 'no text in UTF-8')
    }
    try {
      return JSON.parse(text)
    } catch (error) {
      return refuse(this.#path(), `no JSON (${printable((error as Error).message)})`)
    }
  }

  #wrong(byte: number, expected: string, chunk: Buffer, from: number): never {
    const path = this.#path()
    // What stands there, as far as it is to be seen.
    const found = chunk.toString('latin1', from, from + 20).split(/\s/, 1)[0]
    const what = byte < 0x80 ? shown(found) : 'something that is no JSON'
    return refuse(
      path,
      `${what} at byte ${this.#bytes + from} is not allowed; allowed: ${expected}`,
    )
  }
}
