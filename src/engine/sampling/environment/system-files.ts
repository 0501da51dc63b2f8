import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The system's own files, below a root: the machine's, or a made-up one. */
export interface SystemFiles {
  /** Without the last line's end; null where there is no such file or it may not be read. */
  text(path: string): string | null
  /** A whole number of 0 or more; null where the file does not hold one. */
  count(path: string): number | null
  /** Paths of what is in a folder and is named so, in order; none where it cannot be read. */
  list(folder: string, name: RegExp): string[]
}

/** Read at once: what the kernel writes of itself comes from memory, in some µs a file. */
export function systemFiles(root = '/'): SystemFiles {
  const text = (path: string) => {
    try {
      return readFileSync(join(root, path), 'utf8').trimEnd()
    } catch {
      return null
    }
  }
  return {
    text,
    count: (path) => wholeNumber(text(path)),
    list: (folder, name) => {
      try {
        return readdirSync(join(root, folder))
          .filter((entry) => name.test(entry))
          .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
          .map((entry) => `${folder}/${entry}`)
      } catch {
        return []
      }
    },
  }
}

/** A text of digits alone as a number; null for any other. */
export function wholeNumber(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : null
}

/** The number after a word at the beginning of a line, as in `/proc/vmstat` or a `cpu.stat`. */
export function lineCount(text: string | null, word: string): number | null {
  const line = text?.split('\n').find((each) => each.startsWith(`${word} `))
  return wholeNumber(line?.slice(word.length + 1))
}
