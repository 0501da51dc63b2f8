import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { shown } from '../../../shared/model/problem.ts'
import { OwnFailure, ownFailure } from './failure.ts'

/** What a task is given beside its input. */
export interface OwnContext {
  /** The task's number, from 0. */
  readonly index: number
  /** The worker's number, from 0, and how many there are. */
  readonly worker: number
  readonly workers: number
  readonly seed: number
  /** What `setup()` gave in this worker. */
  readonly setup: unknown
}

/** What a module of the user's own may export; only the task must be there. */
export interface OwnModule {
  readonly task: (input: unknown, context: OwnContext) => unknown
  readonly inputs?: (count: number) => unknown
  readonly setup?: () => unknown
  readonly check?: (output: unknown, input: unknown) => unknown
}

const names = ['task', 'inputs', 'setup', 'check'] as const

/**
 * Loads a module of the user's own, ESM or CommonJS.
 *
 * @throws OwnFailure where it cannot be loaded, or does not export what it must
 */
export async function loadModule(path: string): Promise<OwnModule> {
  const file = basename(path)
  if (/\.[cm]?ts$/i.test(path) && !process.features.typescript) {
    throw new OwnFailure(
      `${file} is TypeScript, which Node ${process.versions.node} does not read; allowed: JavaScript, or Node from 22.18 or 23.6 on`,
    )
  }
  let namespace: Record<string, unknown>
  try {
    namespace = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  } catch (error) {
    throw ownFailure(error, path, `loading ${file}`)
  }
  const found = Object.fromEntries(
    names.flatMap((name) => {
      const value = exported(namespace, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  if (found.task === undefined) throw new OwnFailure(`${file} exports no task${others(namespace)}`)
  for (const [name, value] of Object.entries(found)) {
    if (typeof value === 'function') continue
    throw new OwnFailure(`what ${file} exports as ${name} is ${shown(value)}; allowed: a function`)
  }
  return found as unknown as OwnModule
}

/** CommonJS may come as a default export alone. */
function exported(namespace: Record<string, unknown>, name: string): unknown {
  return namespace[name] ?? (namespace.default as Record<string, unknown> | null)?.[name]
}

function others(namespace: Record<string, unknown>): string {
  const given = Object.keys(namespace).filter((name) => name !== 'module.exports')
  const exports = given.length === 0 ? 'nothing' : given.slice(0, 10).join(', ')
  return `, but ${exports}; allowed: a module that exports a function task(input, context)`
}
