import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A place in a file: lines and columns from 1. */
export interface Place {
  readonly file: string
  readonly row: number
  readonly column: number
}

/**
 * The place that Node draws above an error: the file and line, the line itself, at times with those before it, and a mark below.
 *
 * @param text a stack, or what a process wrote as it ended
 */
export function drawnPlace(text: string): Place | null {
  const found = /^(\S.*):(\d+)\n(?:.*\n){1,3}?( *)\^/m.exec(text)
  if (found === null) return null
  const [, file = '', row, before = ''] = found
  return { file: pathOf(file), row: Number(row), column: before.length + 1 }
}

/** Where a module imports what is not there: Node says in which file, and not where in it. */
export function importPlace(thrown: unknown): Place | null {
  if (!(thrown instanceof Error)) return null
  const found = /Cannot find (?:package|module) '(.*)' imported from (.*)/.exec(thrown.message)
  if (found === null) return null
  const [, missing = '', importer = ''] = found
  const file = pathOf(importer)
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch {
    return null
  }
  for (const { 1: name = '', index } of source.matchAll(/['"]([^'"\n]+)['"]/g)) {
    const target = name.startsWith('.') ? resolve(dirname(file), name) : name
    if (target !== pathOf(missing) && !target.startsWith(`${missing}/`)) continue
    const lines = source.slice(0, index).split('\n')
    return { file, row: lines.length, column: (lines.at(-1) ?? '').length + 1 }
  }
  return null
}

/** A path, of a path or a file URL. */
export function pathOf(place: string): string {
  if (!place.startsWith('file:')) return place
  try {
    return fileURLToPath(place)
  } catch {
    return place
  }
}
