/** Bytes as they are written one after the other. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(16_384)
  #length = 0

  byte(value: number): void {
    this.#bytes[this.reserve(1)] = value
  }

  /** Seven bits a byte, the lowest first, the highest bit of a byte telling that more follow (LEB128). */
  varint(value: number): void {
    let left = value
    while (left >= 0x80) {
      this.byte((left % 0x80) | 0x80)
      left = Math.floor(left / 0x80)
    }
    this.byte(left)
  }

  /** One that may be negative. */
  signed(value: number): void {
    this.varint(zigzag(value))
  }

  /** @returns where the room begins, in `bytes` as it is until there is more */
  reserve(length: number): number {
    const at = this.#length
    this.#length += length
    if (this.#length > this.#bytes.length) {
      const wider = Buffer.allocUnsafe(2 * this.#length)
      this.#bytes.copy(wider, 0, 0, at)
      this.#bytes = wider
    }
    return at
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  finished(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }
}

/** Reads what a `ByteWriter` wrote; throws an Error where there is less than is read. */
export class ByteReader {
  readonly bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  byte(): number {
    return this.bytes[this.take(1)] as number
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 0x80) {
      if (factor > Number.MAX_SAFE_INTEGER) throw new Error('a number is too long')
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  signed(): number {
    return unzigzag(this.varint())
  }

  /** @returns where the bytes begin that are taken */
  take(length: number): number {
    const at = this.#at
    this.#at += length
    if (this.#at > this.bytes.length) throw new Error('it ends in the middle')
    return at
  }
}

/** Small numbers of either sign as small numbers: 0, -1, 1, -2 … as 0, 1, 2, 3 … */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

export function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
