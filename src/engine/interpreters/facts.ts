import { spawn } from 'node:child_process'
import * as z from 'zod'
import { type Model, models } from '../../shared/model/execution-model.ts'
import { type InterpreterState, oldestPython } from '../../shared/model/found-interpreter.ts'
import type { Interpreter } from '../../shared/model/interpreter.ts'
import { printable } from '../../shared/model/problem.ts'
import { killGroup } from '../process-group.ts'
import { askingEnvironment } from './machine.ts'

/** What became of asking. */
export interface Asked {
  readonly state: InterpreterState
  readonly interpreter: Interpreter | null
  readonly why: string | null
  /** What tells it from others, whatever the path: the program behind all links, and where its packages are. */
  readonly identity: string | null
}

/** Ends a process with its group when the app ends, however that happens; called again, no longer. */
export type Watch = (groupLeader: number) => () => void

/** What the program writes before its answer, and what else may write there. */
const mark = 'corescope-interpreter '
/** The most that is read of what it writes, in characters: others may write there without end. */
const mostOutput = 256 * 1024
/** The end of what it writes to standard error, in characters. */
const keptErrors = 8192

/**
 * Asks an interpreter what it is, in a process that is ended with all its group where it does not answer.
 * Without -I: packages are to be found as they are when work is run.
 *
 * @param program path of `interpreter_facts.py`
 */
export async function askInterpreter(
  path: string,
  program: string,
  deadlineMs: number,
  watch: Watch,
): Promise<Asked> {
  const child = spawn(path, [program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: askingEnvironment(process.env),
    windowsHide: true,
    detached: process.platform !== 'win32',
  })
  const unwatch = child.pid === undefined ? () => {} : watch(child.pid)
  let output = ''
  let errors = ''
  const ending = await new Promise<Ending>((resolve) => {
    // Who asks may have been held up: what has been written meanwhile is read first.
    const giveUp = () => void setImmediate(() => resolve({ kind: 'late' }))
    const late = setTimeout(giveUp, deadlineMs)
    const settle = (ended: Ending) => {
      clearTimeout(late)
      resolve(ended)
    }
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part
      if (answerIn(output) !== undefined) settle({ kind: 'answered' })
      else if (output.length > mostOutput) settle({ kind: 'flood' })
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      errors = (errors + part).slice(-keptErrors)
    })
    child.on('error', (error) => settle({ kind: 'not-started', why: error.message }))
    child.on('close', (code, signal) => settle({ kind: 'ended', code, signal }))
  })
  // Whatever it has started ends with it.
  killGroup(child)
  unwatch()
  child.stdout.destroy()
  child.stderr.destroy()
  const answer = answerIn(output)
  if (answer !== undefined) {
    const facts = factsSchema.safeParse(answer)
    return facts.success ? judged(path, facts.data) : unreadable
  }
  return { ...whyNoAnswer(ending, errors, deadlineMs), interpreter: null, identity: null }
}

const unreadable: Asked = {
  ...{ state: 'broken', why: 'is no Python: what it says of itself cannot be understood' },
  ...{ interpreter: null, identity: null },
}

type Ending =
  | { readonly kind: 'answered' | 'late' | 'flood' }
  | { readonly kind: 'not-started'; readonly why: string }
  | { readonly kind: 'ended'; readonly code: number | null; readonly signal: string | null }

function whyNoAnswer(
  ending: Ending,
  errors: string,
  deadlineMs: number,
): Pick<Asked, 'state' | 'why'> {
  switch (ending.kind) {
    case 'late':
      return {
        state: 'hangs',
        why: `hangs: it had not answered after ${deadlineMs / 1000} s, and was ended`,
      }
    case 'not-started':
      return { state: 'broken', why: `is broken: it cannot be started (${printable(ending.why)})` }
    case 'ended': {
      const { code, signal } = ending
      const how = signal === null ? `with exit code ${code}` : `by signal ${signal}`
      const last = errors.trimEnd().split(/\r?\n/).at(-1) ?? ''
      const said = last === '' ? '' : `: ${printable(last.trim().slice(0, 300))}`
      // What Windows' stubs say where they are started all the same.
      if (code === 9009 || /Python was not found; run without arguments/i.test(errors)) {
        return { state: 'stub', why: 'is a stub, no Python' }
      }
      if (code === 0) return { state: 'broken', why: 'is no Python: it did not run the program' }
      return { state: 'broken', why: `is broken: it ended ${how}${said}` }
    }
    default:
      return { state: 'broken', why: 'is broken: it writes without end, and was ended' }
  }
}

/** The longest text that an interpreter may say of itself, in characters; a path's is that of the contract. */
const shortText = z.string().min(1).max(100).refine(isPlain)
const pathText = z.string().min(1).max(4096).refine(isPlain)
const versionText = z.string().regex(/^\d{1,4}\.\d{1,4}(\.\d{1,4}[A-Za-z0-9.+-]{0,40})?$/)

/**
 * As the program tells them; of one that is too old no more than what it is. Anything may stand behind the
 * name of a Python: what it says goes to terminals, pages and files, and is started.
 */
const factsSchema = z.object({
  executable: pathText.nullable(),
  real: pathText.nullable(),
  prefix: pathText,
  implementation: shortText,
  version: versionText,
  /** Modules of the standard library that our host cannot do without. */
  missing: z.array(shortText).max(100),
  gil: z.boolean().optional(),
  models: z.array(z.string()).max(100).optional(),
  numpy: shortText.nullish(),
  cython: shortText.nullish(),
  dask: shortText.nullish(),
  compiler: pathText.nullish(),
  headers: z.boolean().optional(),
})

type Facts = z.infer<typeof factsSchema>

function isPlain(text: string): boolean {
  return printable(text) === text
}

/** What stands in the whole line of the answer; undefined while it is not there. */
function answerIn(output: string): unknown {
  const line = new RegExp(`^${mark}(\\{.*\\})\\r?\\n`, 'm').exec(output)?.[1]
  if (line === undefined) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function judged(path: string, facts: Facts): Asked {
  const { implementation, version, executable, real, prefix, missing } = facts
  const identity = JSON.stringify([real ?? path, prefix])
  const name = printable(`${implementation} ${version}`)
  if (isTooOld(version)) {
    const why = `is too old: ${name}, and ${oldestPython} or later is needed`
    return { state: 'too-old', interpreter: null, why, identity }
  }
  if (missing.length > 0) {
    const why = `is broken: ${name} without ${missing.join(', ')} of its standard library`
    return { state: 'broken', interpreter: null, why, identity }
  }
  const interpreter: Interpreter = {
    path: isShim(path) ? (executable ?? path) : path,
    implementation,
    version,
    gil: facts.gil ?? true,
    models: models.filter((model: Model) => facts.models?.includes(model)),
    numpy: facts.numpy ?? null,
    cython: facts.cython ?? null,
    dask: facts.dask ?? null,
    compiler: facts.compiler ?? null,
    headers: facts.headers === true,
  }
  return { state: 'usable', interpreter, why: null, identity }
}

/**
 * Whether a path leads to something that starts the interpreter in its turn, as pyenv's shims and Windows'
 * aliases do: what starts takes its time, and is a process too many. Any other wrapper may be what the
 * user has made for this.
 */
function isShim(path: string): boolean {
  return process.platform === 'win32' || /\/shims\/[^/]+$/.test(path)
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldestPython.split('.').map(Number)
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}
