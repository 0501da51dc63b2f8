import { spawn } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { projectRoot } from '../architecture/layers.ts'
import { type Ended, listenTo, ourProcesses, type Started } from '../support/command.ts'
import { isAlive, scratchFolder, until } from '../support/scratch.ts'
import { ask, enter, linkFrom } from '../support/served.ts'

const scratch = scratchFolder()
const posix = process.platform !== 'win32'

/** `npm start`, with an environment in which nothing of the machine's own desktop is found. */
function npmStart(environment: Readonly<Record<string, string>>, ...flags: string[]): Started {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...rest } = process.env
  const child = spawn(process.execPath, [join(projectRoot, 'bin', 'start.js'), ...flags], {
    env: {
      ...rest,
      CORESCOPE_DB: scratch.path('runs.db'),
      // Without a program that opens a browser.
      PATH: scratch.path('nowhere'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return listenTo(child)
}

/** The web shell that was started instead: it is entered, and ended. */
async function webShell(started: Started): Promise<Ended> {
  const { link, port } = await linkFrom(started)
  // Nothing is there that would open it.
  await until('that is told', () => started.told().includes('the browser was not opened: '))
  const cookie = await enter({ link, port })
  expect(await ask(port, '/', { cookie })).toMatchObject({ status: 200 })
  started.child.kill('SIGTERM')
  return started.ended
}

/** A stand-in for Electron's program: a script in a folder of its own. */
async function fakeElectron(name: string, script: string): Promise<string> {
  const folder = scratch.path(name)
  await mkdir(folder, { recursive: true })
  const program = join(folder, 'electron')
  await writeFile(program, `#!${process.execPath}\n${script}`)
  await chmod(program, 0o755)
  return folder
}

afterEach(async () => {
  await until('nothing of ours is left', async () => (await ourProcesses()).length === 0)
})

describe.runIf(process.platform === 'linux')('without a display', () => {
  it('says so in one line and starts the web shell', async () => {
    const dist = await fakeElectron('unused', 'process.exit(9)')
    const ended = await webShell(npmStart({ ELECTRON_OVERRIDE_DIST_PATH: dist }, '--port', '0'))
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^http:\S+\n$/),
      stderr: expect.stringMatching(
        /^corescope: no desktop app here: there is no display; starting the web shell\n/,
      ),
    })
    expect(ended.stderr).toMatch(/the browser was not opened: .*; open the link yourself\n/)
    expect(ended.stderr.trim().split('\n')).toHaveLength(3)
  })
})

describe.runIf(posix)('where Electron’s program is not there', () => {
  const missing = () => ({ DISPLAY: ':77', ELECTRON_OVERRIDE_DIST_PATH: scratch.path('missing') })

  it('says so in one line and starts the web shell, without a download where none is wanted', async () => {
    const started = npmStart({ ...missing(), CORESCOPE_NO_DOWNLOAD: '1' }, '--port', '0')
    const { code, stderr } = await webShell(started)
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /^corescope: no desktop app here: Electron is not installed; starting the web shell\n/,
    )
  })

  it('tries to download it, for a stated time, and starts the web shell where that fails', async () => {
    let asked = 0
    const mirror = createServer((_, response) => {
      asked++
      response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve))
    const { port } = mirror.address() as AddressInfo
    const started = npmStart(
      {
        ...missing(),
        ELECTRON_MIRROR: `http://127.0.0.1:${port}/`,
        electron_config_cache: scratch.path('cache'),
      },
      ...['--port', '0'],
    )
    const { code, stderr } = await webShell(started)
    mirror.close()
    expect(asked).toBeGreaterThan(0)
    expect(code).toBe(0)
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'corescope: fetching Electron, for 20 s at most (CORESCOPE_NO_DOWNLOAD=1 does without; "npx install-electron" takes its time)',
      'corescope: no desktop app here: Electron could not be fetched: the download failed; starting the web shell',
    ])
  })

  it('is ended by Ctrl-C while it downloads, and so is the download', async () => {
    const waiting = Promise.withResolvers<void>()
    const broken = Promise.withResolvers<void>()
    const mirror = createServer((request) => {
      waiting.resolve()
      request.socket.on('close', () => broken.resolve())
    })
    await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve))
    const { port } = mirror.address() as AddressInfo
    const { child, ended } = npmStart({
      ...missing(),
      ELECTRON_MIRROR: `http://127.0.0.1:${port}/`,
      electron_config_cache: scratch.path('cache'),
    })
    await waiting.promise
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, stdout: '' })
    await broken.promise
    mirror.close()
  })
})

describe.runIf(posix)('a download', () => {
  const fetching = async (
    script: string,
    limitMs: number,
    node = process.execPath,
  ): Promise<object> => {
    const folder = scratch.path('package')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'install.js'), script)
    const { fetchElectron } = await import(
      pathToFileURL(join(projectRoot, 'bin', 'electron.js')).href
    )
    return fetchElectron(folder, node, limitMs)
  }

  it('that takes too long is ended, and its temporary files are removed', async () => {
    const note = scratch.path('note')
    // In place of Node a shell; the time is over when it has begun, however busy the machine.
    const shell = scratch.path('slow')
    const script = `trap '' TERM\ntouch "$TMPDIR/part"\necho "$$ $TMPDIR" > '${note}'\nexec sleep 60\n`
    await writeFile(shell, `#!/bin/sh\n${script}`, { mode: 0o755 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const outcome = fetching('', 1500, shell)
    const noted = () => readFile(note, 'utf8').catch(() => '')
    await until('it has begun', async () => (await noted()).endsWith('\n'))
    vi.advanceTimersByTime(1500)
    expect(await outcome).toMatchObject({ why: 'not within 1.5 s' })
    const [id, temporary] = (await noted()).trim().split(' ')
    expect(isAlive(Number(id))).toBe(false)
    await expect(readFile(join(temporary as string, 'part'))).rejects.toThrow('ENOENT')
  })

  it('that succeeds or fails is told apart', async () => {
    expect(await fetching('', 20_000)).toMatchObject({ why: null })
    expect(await fetching('process.exit(1)', 20_000)).toMatchObject({ why: 'the download failed' })
  })
})

describe.runIf(posix)('where Electron’s program is there', () => {
  it('starts it with the app and what else was given, and passes its exit code on', async () => {
    const dist = await fakeElectron(
      'present',
      `console.log(JSON.stringify([process.argv.slice(2), process.env.ELECTRON_RUN_AS_NODE]))
       process.exit(7)`,
    )
    const { ended } = npmStart(
      { DISPLAY: ':77', ELECTRON_OVERRIDE_DIST_PATH: dist, ELECTRON_RUN_AS_NODE: '1' },
      '--no-sandbox',
    )
    const { code, stdout, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 7, stderr: '' })
    expect(JSON.parse(stdout)).toEqual([[join(projectRoot, 'bin', '..'), '--no-sandbox'], null])
    const { main } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'))
    expect(main).toBe('out/main/index.js')
  })

  it('passes signals on to it, and its end with them', async () => {
    const dist = await fakeElectron(
      'signalled',
      `for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
         process.on(signal, () => { console.log(signal); process.exit(0) })
       }
       process.on('disconnect', () => process.exit(3))
       console.log(process.pid)
       setInterval(() => {}, 1000)`,
    )
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
      const { child, ended } = npmStart({ DISPLAY: ':77', ELECTRON_OVERRIDE_DIST_PATH: dist })
      const id = await new Promise<number>((resolve) =>
        child.stdout?.once('data', (part: string) => resolve(Number.parseInt(part, 10))),
      )
      child.kill(signal)
      const { code, stdout } = await ended
      expect(code).toBe(signal === 'SIGKILL' ? null : 0)
      if (signal !== 'SIGKILL') expect(stdout.trim().split('\n').at(-1)).toBe(signal)
      // Killed, the launcher passes nothing on; its end is noticed all the same.
      await until('the app has ended', () => !isAlive(id))
    }
  })

  it('starts the web shell where the program cannot be run', async () => {
    const lacking = await fakeElectron('lacking', 'process.exit(127)')
    const broken = scratch.path('broken')
    await mkdir(broken)
    await writeFile(join(broken, 'electron'), 'no program', { mode: 0o600 })
    for (const [dist, why] of [
      [lacking, /: Electron lacks libraries of the system; starting the web shell\n/],
      [broken, /: Electron cannot be started \(.*\); starting the web shell\n/],
    ] as const) {
      const started = npmStart({ DISPLAY: ':77', ELECTRON_OVERRIDE_DIST_PATH: dist }, '--port', '0')
      const { code, stderr } = await webShell(started)
      expect(code).toBe(0)
      expect(stderr).toMatch(why)
    }
  })
})

describe.runIf(posix)('a browser', () => {
  it('is opened at the link where there is one', async () => {
    const folder = scratch.path('with browser')
    await mkdir(folder)
    const note = join(folder, 'note')
    await writeFile(
      join(folder, process.platform === 'darwin' ? 'open' : 'xdg-open'),
      `#!/bin/sh\necho "$@" > '${note}'\n`,
      { mode: 0o755 },
    )
    const environment = {
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      DISPLAY: ':77',
      ELECTRON_OVERRIDE_DIST_PATH: scratch.path('missing'),
      CORESCOPE_NO_DOWNLOAD: '1',
    }
    const started = npmStart(environment, '--port', '0')
    const { link } = await linkFrom(started)
    await until('the browser is opened', async () =>
      (await readFile(note, 'utf8').catch(() => '')).includes(link),
    )
    started.child.kill('SIGTERM')
    const { code, stderr } = await started.ended
    expect(code).toBe(0)
    expect(stderr).not.toContain('was not opened')
  })
})
