import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A tree of the system's files with the given contents, gone after the test; a null is a folder. */
export function madeUpSystem(contents: Readonly<Record<string, string | null>>): string {
  const root = mkdtempSync(join(tmpdir(), 'corescope-system-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(contents)) {
    const file = join(root, path)
    mkdirSync(text === null ? file : dirname(file), { recursive: true })
    if (text !== null) writeFileSync(file, text === '' ? '' : `${text}\n`)
  }
  return root
}
