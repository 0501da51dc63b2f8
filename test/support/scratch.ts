import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect } from 'vitest'

/** Where a test file keeps what it writes. */
export interface Scratch {
  path(...parts: readonly string[]): string
}

/** A folder for the tests of a file, removed after the last. */
export function scratchFolder(): Scratch {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corescope-test-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return { path: (...parts) => join(folder, ...parts) }
}

/**
 * Whether a process runs, or any of a group, whose leader's number is given as a negative one. One that
 * has ended and was not waited for yet does not: the first process of a container may take seconds for that.
 */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  if (processId > 0) return isRunning(`${processId}`, () => true)
  return readdirSync('/proc').some((name) => isRunning(name, (group) => group === `${-processId}`))
}

function isRunning(name: string, isMeant: (group: string) => boolean): boolean {
  if (!/^\d+$/.test(name)) return false
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
    // What follows the program's name, which is in brackets and may be of any letters.
    const [state = '', , group = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return !/[ZX]/.test(state) && isMeant(group)
  } catch {
    return false
  }
}

/** Waits until something holds; fails with its name where it never does. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) expect.fail(`${what}: not within ${withinMs} ms`)
    await setTimeout(20)
  }
}
