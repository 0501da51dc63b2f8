import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect } from 'vitest'

/** A folder for the tests of a file, removed after the last. */
export function scratchFolder(): { path(...parts: readonly string[]): string } {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corescope-test-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return { path: (...parts) => join(folder, ...parts) }
}

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
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
