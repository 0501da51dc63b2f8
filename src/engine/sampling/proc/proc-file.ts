import { closeSync, openSync, readSync } from 'node:fs'

/** Where all files are read into, one after the other; it grows to the largest. */
let content = Buffer.allocUnsafe(8192)

/** More are not kept open: database and hosts need some of what a process may have. */
const mostKept = 2000
let kept = 0

/** What the system answers when a process has no descriptor left. */
const outOfDescriptors = ['EMFILE', 'ENFILE']

/**
 * A file below `/proc` that is read again and again through one descriptor: that saves the look-up of
 * its path, which costs more than the reading. A descriptor stays with the process or thread it was
 * opened for: once that has ended nothing is read any more, also where its number is used again.
 */
export class ProcFile {
  readonly #path: string
  #descriptor: number | null = null
  #isGone = false

  constructor(path: string) {
    this.#path = path
    if (kept < mostKept) this.#open()
  }

  /** @returns what is in it now, valid until the next reading of any file; null where it is gone */
  read(): Buffer | null {
    return this.#readBy(readWhole)
  }

  /** The same of a file that holds a list of any length: the kernel gives no more than a page of it at once. */
  readList(): Buffer | null {
    return this.#readBy(readParts)
  }

  #readBy(how: (descriptor: number) => Buffer): Buffer | null {
    if (this.#isGone) return null
    // Without a descriptor to keep, one is borrowed for each reading.
    const isBorrowed = this.#descriptor === null
    if (isBorrowed) this.#open()
    if (this.#descriptor === null) return null
    try {
      return how(this.#descriptor)
    } catch {
      this.#isGone = true
      return null
    } finally {
      if (isBorrowed || this.#isGone) this.close()
    }
  }

  close(): void {
    if (this.#descriptor === null) return
    closeSync(this.#descriptor)
    this.#descriptor = null
    kept--
  }

  #open(): void {
    try {
      this.#descriptor = openSync(this.#path, 'r')
      kept++
    } catch (error) {
      this.#isGone = !outOfDescriptors.includes((error as NodeJS.ErrnoException).code ?? '')
    }
  }
}

/** These files have no length: what fills the buffer may go on beyond it, and is read again into a larger one. */
function readWhole(descriptor: number): Buffer {
  for (;;) {
    const length = readSync(descriptor, content, 0, content.length, 0)
    if (length < content.length) return content.subarray(0, length)
    content = Buffer.allocUnsafe(2 * content.length)
  }
}

function readParts(descriptor: number): Buffer {
  for (let length = 0; ; ) {
    const part = readSync(descriptor, content, length, content.length - length, length)
    if (part === 0) return content.subarray(0, length)
    length += part
    if (length < content.length) continue
    const wider = Buffer.allocUnsafe(2 * length)
    content.copy(wider)
    content = wider
  }
}

/** Reads a file once; null where it cannot be read. */
export function readOnce(path: string): Buffer | null {
  const file = new ProcFile(path)
  const found = file.read()
  file.close()
  return found
}
