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

function startReaper(...execArgv: readonly string[]): ChildProcess {
  const stdio = ['pipe', 'ignore', 'ignore', 'ipc'] as const
  return fork(programs.reaper, { stdio: [...stdio], detached: true, execArgv: [...execArgv] })
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
    // It answers no one: that its program has run is told by a module that is there before it.
    const teller = scratch.path('teller.cjs')
    await writeFile(teller, `setImmediate(() => process.send('it is there'))`)
    const reaper = startReaper('--require', teller)
    await once(reaper, 'message')
    reaper.disconnect()
    const folder = scratch.path('still watched')
    await mkdir(folder)
    reaper.kill('SIGINT')
    reaper.kill('SIGTERM')
    reaper.stdin?.end(`+folder ${folder}\n`)
    expect(await once(reaper, 'exit')).toEqual([0, null])
    expect(existsSync(folder)).toBe(false)
  })
})
