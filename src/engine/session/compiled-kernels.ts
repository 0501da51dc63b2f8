import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { kernelOf } from '../../shared/model/execution-model.ts'
import { type Interpreter, interpreterName } from '../../shared/model/interpreter.ts'
import { printable } from '../../shared/model/problem.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'
import type { Programs } from '../execution/programs.ts'
import type { Reaper } from '../execution/reaper.ts'
import { killGroup } from '../process-group.ts'
import { makePrivateFolder } from './private-folder.ts'

/** The compiled kernel that a configuration needs: where it is, or why there is none. */
export type CompiledKernel = { readonly folder: string } | { readonly missing: string }

export interface CompiledKernels {
  /** Null where a configuration needs none. */
  kernelFor(
    configuration: Pick<PlannedConfiguration, 'variant' | 'interpreter'>,
  ): CompiledKernel | null
  /** Removes what was compiled. */
  remove(): Promise<void>
}

/** As the program tells of each kernel. */
type Built = Readonly<Record<string, { readonly made?: string; readonly missing?: string }>>

/** A compiler that takes longer hangs: some seconds were measured for all kernels of an interpreter. */
const patienceMs = 300_000
/** The most that is read of what is written, in characters. */
const mostOutput = 64 * 1024

/** Whether anything has to be compiled before the trials. */
export function needsKernels(
  configurations: readonly Pick<PlannedConfiguration, 'variant'>[],
): boolean {
  return configurations.some(({ variant }) => kernelOf(variant) !== null)
}

/**
 * Compiles what the configurations need, once for each interpreter, into a folder of the run's own.
 *
 * @throws Error where there is no such folder, or the signal is aborted; nothing is left behind then
 */
export async function compileKernels(
  configurations: readonly Pick<PlannedConfiguration, 'variant' | 'interpreter'>[],
  programs: Programs,
  reaper: Reaper,
  signal: AbortSignal,
): Promise<CompiledKernels> {
  const needing = configurations.filter(({ variant }) => kernelOf(variant) !== null)
  const interpreters = new Map(
    needing.flatMap(({ interpreter }) =>
      interpreter === null ? [] : [[interpreter.path, interpreter]],
    ),
  )
  const folder = await makePrivateFolder(reaper)
  const built = new Map<string, { readonly folder: string; readonly kernels: Built | string }>()
  try {
    for (const [path, interpreter] of interpreters) {
      // Each into its own: what one compiles, another may not load.
      const own = join(folder.path, String(built.size))
      await mkdir(own)
      const program = join(programs.python, 'build_kernels.py')
      built.set(path, {
        folder: own,
        kernels: await buildBy(interpreter, program, own, reaper, signal),
      })
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
  return {
    kernelFor({ variant, interpreter }) {
      const kernel = kernelOf(variant)
      if (kernel === null) return null
      const own = built.get(interpreter?.path ?? '')
      if (own === undefined) return { missing: `${kernel} is of Python alone` }
      if (typeof own.kernels === 'string') return { missing: own.kernels }
      const { made, missing } = own.kernels[kernel] ?? {}
      if (made !== undefined) return { folder: own.folder }
      return {
        missing: `${kernel} could not be compiled: ${printable(missing ?? 'no word of it')}`,
      }
    },
    remove: () => folder.remove(),
  }
}

/** What became of each kernel; where the program itself failed, why. */
function buildBy(
  interpreter: Interpreter,
  program: string,
  folder: string,
  reaper: Reaper,
  signal: AbortSignal,
): Promise<Built | string> {
  signal.throwIfAborted()
  const child = spawn(interpreter.path, [program, '--out', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What the compiler is told of itself is left where it belongs.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    windowsHide: true,
    detached: process.platform !== 'win32',
  })
  const unwatch = child.pid === undefined ? () => {} : reaper.watchGroup(child.pid)
  const end = () => killGroup(child)
  let [output, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    output = (output + part).slice(-mostOutput)
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    errors = (errors + part).slice(-mostOutput)
  })
  const name = interpreterName(interpreter)
  return new Promise<Built | string>((resolve, reject) => {
    const stop = () => {
      end()
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
    const late = setTimeout(() => {
      end()
      resolve(`${name} compiled no kernels within ${patienceMs / 1000} s, and was ended`)
    }, patienceMs)
    child.on('error', ({ message }) =>
      resolve(`${name} could not be started to compile kernels: ${printable(message)}`),
    )
    child.on('close', () => {
      clearTimeout(late)
      signal.removeEventListener('abort', stop)
      const said = errors.trimEnd().split(/\r?\n/).at(-1) ?? ''
      resolve(
        toldIn(output) ??
          `${name} compiled no kernels: ${printable(said.slice(0, 300)) || 'it does not say why'}`,
      )
    })
  }).finally(() => {
    end()
    unwatch()
  })
}

/** The last line that is an object; null where there is none. */
function toldIn(output: string): Built | null {
  const line = output.split(/\r?\n/).findLast((each) => each.startsWith('{'))
  try {
    return line === undefined ? null : (JSON.parse(line) as Built)
  } catch {
    return null
  }
}
