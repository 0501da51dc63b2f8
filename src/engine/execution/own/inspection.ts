import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, isAbsolute } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { LabError, printable } from '../../../shared/model/problem.ts'
import { isModuleFile, moduleExtensions } from '../../../shared/model/workload.ts'
import { killGroup } from '../../process-group.ts'
import type { OwnExports } from '../../workloads/workload.ts'
import { HeapEnd, heapIsFull } from '../heap-end.ts'
import { Reaper } from '../reaper.ts'
import { placeText } from './failure.ts'
import { type InspectorPrograms, startInspector } from './inspector-process.ts'
import { drawnPlace } from './place.ts'

/** What the inspector tells of a module. */
export type Inspected =
  | { readonly exports: OwnExports }
  /** Where it is may be in what the inspector writes as it ends. */
  | { readonly problem: string; readonly placeFollows?: true }
  /** It is not there yet, but its loop turns. */
  | { readonly waits: true }

/** A module of the user's own, as it was found. */
export interface InspectedModule {
  readonly exports: OwnExports
  /** Of its content: the first twelve digits of its SHA-256. What it imports is not in it. */
  readonly fingerprint: string
}

/** Programs that an inspection runs. */
export interface InspectionPrograms extends InspectorPrograms {
  readonly reaper: string
}

/** How long loading may take, and how long a module that is late has to show that it waits, in ms. */
const loadingMs = 10_000
const answerMs = 2000
/** How long a process that has told of an error may take to end: where that is it says last. In ms. */
const endingMs = 5000
/** A source file is not larger than this, in bytes. */
const largestModule = 64 * 1024 * 1024
/** The end of what it writes while it is loaded, in characters. */
const keptErrors = 8192

const wanted = 'allowed: the path of a module that exports a function task(input, context)'

/**
 * Finds out what a module of the user's own exports, in a process that is ended afterwards, whatever the
 * module does.
 *
 * @param interpreter path of the Python that a module in Python is for
 * @throws LabError `bad-input`, where it cannot be used
 */
export async function inspectModule(
  path: string,
  programs: InspectionPrograms,
  {
    deadlineMs = loadingMs,
    interpreter = null,
  }: { readonly deadlineMs?: number; readonly interpreter?: string | null } = {},
): Promise<InspectedModule> {
  const fingerprint = await fingerprintOf(path)
  const exports = await load(path, programs, deadlineMs, interpreter)
  return { exports, fingerprint }
}

/** What tells a file's content from another's, without reading it: enough to look at it again or not. */
export async function versionOf(path: string): Promise<string> {
  return withFile(path, ({ size, mtimeNs, ino }) => Promise.resolve(`${size} ${mtimeNs} ${ino}`))
}

/** @throws LabError `bad-input`, where the file cannot be read */
export async function fingerprintOf(path: string): Promise<string> {
  return withFile(path, async (_, file) =>
    createHash('sha256')
      .update(await file.readFile())
      .digest('hex')
      .slice(0, 12),
  )
}

type File = Awaited<ReturnType<typeof open>>
type Stat = Awaited<ReturnType<typeof statOf>>

const statOf = (file: File) => file.stat({ bigint: true })

async function withFile<T>(path: string, read: (stat: Stat, file: File) => Promise<T>): Promise<T> {
  if (!isAbsolute(path)) {
    throw badModule(`${printable(path)} is not a whole path; allowed: one that begins at the root`)
  }
  // Not to wait for ever on a pipe that nobody writes to.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      throw badModule(`${whyNotOpened(error, printable(path))}; ${wanted}`)
    },
  )
  try {
    const stat = await statOf(file)
    if (stat.isDirectory()) throw badModule(`${printable(path)} is a folder; ${wanted}`)
    if (!stat.isFile()) throw badModule(`${printable(path)} is not a file; ${wanted}`)
    if (stat.size > largestModule) {
      throw badModule(`${printable(path)} is larger than 64 MiB; ${wanted}`)
    }
    // A path that is being typed leads past other files, which are not to be run.
    if (!isModuleFile(path)) {
      const ends = moduleExtensions.map((extension) => `.${extension}`)
      throw badModule(
        `${printable(path)} is not named as a module is; allowed: a file that ends in ${ends.slice(0, -1).join(', ')} or ${ends.at(-1)}`,
      )
    }
    return await read(stat, file)
  } finally {
    await file.close()
  }
}

function whyNotOpened({ code, message }: NodeJS.ErrnoException, path: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no file ${path}`
    case 'EISDIR':
      return `${path} is a folder`
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read`
    default:
      return `${path} cannot be read: ${printable(message)}`
  }
}

/** Where the whole process group of the inspector is ended, as that of a trial is. */
async function load(
  path: string,
  programs: InspectionPrograms,
  deadlineMs: number,
  interpreter: string | null,
): Promise<OwnExports> {
  const reaper = await Reaper.start(programs.reaper)
  const started = startInspector(path, programs, interpreter)
  const { process: inspector } = started
  if (inspector.pid !== undefined) reaper.watchGroup(inspector.pid)
  let errors = ''
  inspector.stderr?.setEncoding('utf8').on('data', (part: string) => {
    errors = (errors + part).slice(-keptErrors)
  })
  const heapEnd = new HeapEnd(inspector.stderr)
  const file = printable(basename(path))
  const closed = once(inspector, 'close')

  const found = await new Promise<Inspected>((resolve) => {
    const unfinished = (why: string) =>
      resolve({ problem: `loading ${file} has not ended after ${deadlineMs / 1000} s: it ${why}` })
    const late = setTimeout(() => {
      if (started.ask === null) return unfinished('computes, or waits for something')
      const blocked = setTimeout(() => unfinished('computes, or blocks'), answerMs)
      inspector.once('message', () => {
        clearTimeout(blocked)
        unfinished('waits for something')
      })
      started.ask()
    }, deadlineMs)
    const settle = (said: Inspected) => {
      clearTimeout(late)
      resolve(said)
    }
    started.listen((said) => {
      if (!('waits' in said)) settle(said as Inspected)
    })
    closed.then(
      ([code, signal]) => {
        const ending = signal === null ? `with exit code ${code}` : `by signal ${signal}`
        const why = heapEnd.wasSeen ? heapIsFull : ending
        settle({ problem: `loading ${file} ended its process: ${why}` })
      },
      (error: Error) => settle({ problem: `${file} could not be loaded: ${error.message}` }),
    )
  })
  if ('placeFollows' in found) {
    await Promise.race([closed, wait(endingMs, undefined, { ref: false })])
  }
  killGroup(inspector)
  reaper.close()
  if ('exports' in found) return found.exports
  const place = 'placeFollows' in found ? drawnPlace(errors) : null
  const at = place === null ? '' : `, at ${placeText(place, path)}`
  throw badModule(`${'problem' in found ? found.problem : `loading ${file} failed`}${at}`)
}

function badModule(message: string): LabError {
  return new LabError('bad-input', `workload: ${message}`, [{ path: 'workload', message }])
}
