import { randomUUID } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { access, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { makeFolder, writeWhole } from '../engine/lab.ts'
import { cause, outputError } from '../service/output-error.ts'
import { LabError } from '../shared/model/problem.ts'

/**
 * Makes sure that a folder can be written to, before anything is measured for it.
 *
 * @throws LabError `bad-input`
 */
export async function prepareFolder(path: string, flag: string): Promise<void> {
  const bad = (why: string) =>
    new LabError('bad-input', `${flag}: ${why}; allowed: a folder that can be written to`)
  if (path === '') throw bad('no folder is named')
  if (path === '-') throw bad('several tables cannot go to standard output')
  try {
    makeFolder(path)
    await tryWriting(join(path, 'trials.csv'))
  } catch (error) {
    throw bad(cause(error, path))
  }
}

/** The same for a file; `-` is standard output. */
export async function prepareFile(path: string, flag: string): Promise<void> {
  if (path === '-') return
  const bad = (why: string) =>
    new LabError(
      'bad-input',
      `${flag}: ${why}; allowed: a file that can be written, or - for standard output`,
    )
  if (path === '') throw bad('no file is named')
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) throw bad(`${path} is a folder`)
  try {
    if (isReplaced(found)) await tryWriting(path)
    else await access(path, constants.W_OK)
  } catch (error) {
    throw bad(cause(error, path))
  }
}

/**
 * What will be done, done with nothing: permissions alone do not tell whether it can be. Under a name
 * that nothing else has.
 */
async function tryWriting(path: string): Promise<void> {
  const partial = `${path}.${randomUUID().slice(0, 8)}.partial`
  await writeFile(partial, '', { flag: 'wx' })
  await rm(partial)
}

/** A device or a pipe is written to, never replaced. */
export function isReplaced(found: Stats | null): boolean {
  return found === null || found.isFile()
}

/**
 * Writes a document to a file, which takes its name when it is whole.
 *
 * @throws LabError `output`
 */
export async function writeDocument(path: string, document: object): Promise<void> {
  const text = `${JSON.stringify(document, null, 2)}\n`
  const found = await stat(path).catch(() => null)
  try {
    if (isReplaced(found)) await writeWhole(Readable.from([text]), path)
    else await writeFile(path, text)
  } catch (error) {
    throw outputError(error, path)
  }
}
