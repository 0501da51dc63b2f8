import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Storage } from '../../src/engine/storage/storage.ts'
import { cli } from './programs.ts'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** What it has written to standard error so far. */
  told(): string
}

/** Starts the command as a user does, its standard streams pipes. */
export function start(database: string, ...flags: readonly string[]): Started {
  return startIn({}, database, ...flags)
}

/** The same with some variables of its environment set. */
export function startIn(
  environment: Readonly<Record<string, string>>,
  database: string,
  ...flags: readonly string[]
): Started {
  const child = spawn(process.execPath, [cli, ...flags], {
    env: { ...process.env, CORESCOPE_DB: database, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return listenTo(child)
}

/** Gathers what a program writes, and how it ends. */
export function listenTo(child: ChildProcess): Started {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    stdout += part
  })
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    stderr += part
  })
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  )
  return { child, ended, told: () => stderr }
}

export function corescope(database: string, ...flags: readonly string[]): Promise<Ended> {
  return start(database, ...flags).ended
}

const root = cli.slice(0, -'/bin/corescope.js'.length)

/** Processes that run one of this checkout's programs or its command, or one of them alone, by number. */
export async function ourProcesses(...wanted: readonly string[]): Promise<number[]> {
  const parts = wanted.length === 0 ? [`${root}/out/programs/`, cli] : wanted
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid,args'])
  return stdout
    .split('\n')
    .filter((line) => parts.some((part) => line.includes(part)))
    .map((line) => Number.parseInt(line, 10))
}

/** A task that takes far longer than anyone waits here: what runs it never looks up. */
export const endless: readonly string[] = [
  ...['--param', 'n=20000000', '--tasks', '1000', '--warmup', '0', '--interval', '50'],
]

/**
 * Waits until the first trial of the last run is at work, and its first second is kept.
 *
 * @throws Error where that is not so after 120 s: on a busy machine Dask takes half a minute to start
 */
export async function trialIsBusy(database: string): Promise<void> {
  const deadline = performance.now() + 120_000
  while (performance.now() < deadline) {
    if (isFirstReleased(database)) return
    await setTimeout(50)
  }
  throw new Error('no trial has come to work within 120 s')
}

/** Read here: a command for each look would take the very cores that the run is to come up on. */
function isFirstReleased(database: string): boolean {
  const storage = new Storage(database, 'read')
  try {
    const [newest] = storage.library.list()
    const [first] = newest === undefined ? [] : (storage.library.read(newest.id)?.trials ?? [])
    return (first?.released_ms ?? 0) > 0
  } finally {
    storage.close()
  }
}
