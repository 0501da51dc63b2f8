import { type ChildProcess, fork, type StdioOptions, spawn } from 'node:child_process'
import { join } from 'node:path'
import { isPythonModule } from '../../../shared/model/workload.ts'
import { MessageLines } from '../runtimes/message-lines.ts'

/** A process that looks at a module, in the language that the module is written in. */
export interface InspectorProcess {
  readonly process: ChildProcess
  /** Told what it says. */
  listen(heard: (said: object) => void): void
  /** Asks whether its loop turns, which it answers; null where it has none. */
  readonly ask: (() => void) | null
}

/** How inspectors are started. */
export interface InspectorPrograms {
  readonly moduleInspector: string
  /** Folder of what Python runs. */
  readonly python: string
}

const beside = { windowsHide: true, detached: process.platform !== 'win32' } as const

/**
 * @param interpreter path of the Python that a module in Python is for
 * @throws Error where there is none
 */
export function startInspector(
  path: string,
  { moduleInspector, python }: InspectorPrograms,
  interpreter: string | null,
): InspectorProcess {
  return isPythonModule(path)
    ? inPython(path, join(python, 'inspect_module.py'), interpreter)
    : inNode(path, moduleInspector)
}

function inNode(path: string, program: string): InspectorProcess {
  const inspector = fork(program, [path], {
    ...{ execArgv: [], serialization: 'json', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
    ...beside,
  } as Parameters<typeof fork>[2])
  return {
    process: inspector,
    listen: (heard) => void inspector.on('message', (said) => heard(said as object)),
    ask: () => void inspector.send({ type: 'are-you-there' }, () => {}),
  }
}

/** What it tells is a line of JSON, as a host's messages are. */
function inPython(path: string, program: string, interpreter: string | null): InspectorProcess {
  if (interpreter === null) throw new Error(`no Python is known that ${path} is for`)
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe']
  const env = { ...process.env, PYTHONUTF8: '1' }
  const inspector = spawn(interpreter, [program, path], { stdio, env, ...beside })
  const lines = new MessageLines(() => {})
  return {
    process: inspector,
    listen: (heard) =>
      void inspector.stdout?.setEncoding('utf8').on('data', (text: string) => {
        for (const said of lines.take(text)) heard(said)
      }),
    ask: null,
  }
}
