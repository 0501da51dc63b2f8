import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { programs } from '../support/programs.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()

/** A process that never lets its loop turn, in a group of its own. */
function busyLoop(): ChildProcess {
  return spawn(process.execPath, ['-e', 'for (;;);'], { detached: true, stdio: 'ignore' })
}

function startReaper(): ChildProcess {
  return fork(programs.reaper, { stdio: ['pipe', 'ignore', 'ignore', 'ipc'], detached: true })
}

describe('the reaper', () => {
  it('ends busy processes and removes folders when its pipe closes', async () => {
    const reaper = startReaper()
    const busy = busyLoop()
    const folder = scratch.path('with a space')
    await mkdir(folder)
    await writeFile(`${folder}/left.bin`, 'x')
    reaper.stdin?.end(`+group ${busy.pid}\n+folder ${folder}\n`)
    await once(reaper, 'exit')
    await until('the loop is gone', () => !isAlive(busy.pid as number))
    expect(existsSync(folder)).toBe(false)
  })

  it('lets be what it no longer watches', async () => {
    const reaper = startReaper()
    const busy = busyLoop()
    reaper.stdin?.end(`+group ${busy.pid}\n-group ${busy.pid}\n`)
    await once(reaper, 'exit')
    expect(isAlive(busy.pid as number)).toBe(true)
    busy.kill('SIGKILL')
  })

  it('is not ended by a signal meant for the app', async () => {
    const reaper = startReaper()
    reaper.stdin?.write('+group 1\n-group 1\n')
    // It answers no one, so that only its being there tells that it runs.
    await until('it is there', () => isAlive(reaper.pid as number))
    await new Promise((resolve) => setTimeout(resolve, 200))
    reaper.kill('SIGINT')
    reaper.kill('SIGTERM')
    const outcome = await Promise.race([
      once(reaper, 'exit').then(() => 'ended'),
      new Promise((resolve) => setTimeout(resolve, 200, 'stayed')),
    ])
    expect(outcome).toBe('stayed')
    reaper.stdin?.end()
    await once(reaper, 'exit')
  })
})
