import { realpathSync } from 'node:fs'
import { dirname, relative, sep } from 'node:path'
import { printable, shown } from '../../../shared/model/problem.ts'
import { drawnPlace, importPlace, type Place, pathOf } from './place.ts'

/** Longest message that is passed on, in characters, and the most frames. */
const longestMessage = 300
const mostFrames = 8

/**
 * What went wrong in a module of the user's own: a line that says what and where, and the frames of the
 * user's own files, each as `at name (file:line:column)`, the innermost first.
 */
export class OwnFailure extends Error {
  readonly frames: readonly string[]
  /** The task it happened in, where that is not the one being done. */
  readonly task: number | null

  /** @param cause what the module threw */
  constructor(
    message: string,
    frames: readonly string[] = [],
    task: number | null = null,
    cause?: unknown,
  ) {
    super(message, { cause })
    this.frames = frames
    this.task = task
  }
}

/**
 * @param thrown what the module threw: an error, or anything else
 * @param path of the module; its folder is where files are named from
 * @param doing what it was asked for, as `setup()`; empty for a task, which is named elsewhere
 */
export function ownFailure(
  thrown: unknown,
  path: string,
  doing = '',
  task: number | null = null,
): OwnFailure {
  const before = doing === '' ? '' : `${doing} failed: `
  try {
    if (thrown instanceof OwnFailure) return thrown
    const frames = framesOf(thrown, path)
    return new OwnFailure(`${before}${wordsOf(thrown)}${placeOf(frames)}`, frames, task, thrown)
  } catch {
    return new OwnFailure(`${before}what was thrown throws itself when it is looked at`, [], task)
  }
}

/** What was thrown, on one line. */
export function wordsOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `${shown(thrown)} was thrown`
  const [line = ''] = String(thrown.message).split('\n')
  const text = `${thrown.name}${line === '' ? '' : `: ${line}`}`
  return printable(text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text)
}

/** Where it happened first, as the end of a line. */
export function placeOf([frame]: readonly string[]): string {
  return frame === undefined ? '' : `, at ${/\((.*)\)$/.exec(frame)?.[1] ?? frame.slice(3)}`
}

/** The frames of an error that are neither ours nor Node's, mapped where the file has a source map. */
export function framesOf(thrown: unknown, path: string): string[] {
  const stack = thrown instanceof Error ? String(thrown.stack) : ''
  // Drawn above what has no frame of its own: a file that cannot be understood has not been run.
  const place = thrown instanceof SyntaxError ? drawnPlace(stack) : importPlace(thrown)
  const frames = stack.split('\n').flatMap((line) => frameOf(line, path))
  return [...(place === null ? [] : [`at ${placeText(place, path)}`]), ...frames].slice(
    0,
    mostFrames,
  )
}

function frameOf(line: string, path: string): string[] {
  const found = /^\s+at (?:(.*) \()?(.*?):(\d+):(\d+)\)?$/.exec(line)
  if (found === null) return []
  const [, name, place = '', row, column] = found
  if (place.startsWith('node:') || place === '<anonymous>' || place === 'native') return []
  const file = pathOf(place)
  if (file.startsWith(ourFolder)) return []
  const at = placeText({ file, row: Number(row), column: Number(column) }, path)
  const isTop = name === undefined || /Object\.<anonymous>|^async $/.test(name)
  return [isTop ? `at ${at}` : `at ${printable(name.replace(/\bObject\./, ''))} (${at})`]
}

/** A place as it is shown: its file from the module's folder. */
export function placeText({ file, row, column }: Place, path: string): string {
  return printable(`${relative(folderOf(path), file)}:${row}:${column}`)
}

/** Node names the files that links lead to. */
function folderOf(path: string): string {
  try {
    return dirname(realpathSync(path))
  } catch {
    return dirname(path)
  }
}

/** Where the program that runs was built to: its parts lie there too. */
const ourFolder = `${dirname(process.argv[1] ?? '')}${sep}`
