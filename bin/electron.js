// Electron as npm installed it: a package that downloads its binary the first time it is needed.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where the package is; undefined where it is not installed, as after `npm ci --omit=dev`. */
export function electronFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return undefined
  }
}

/** The program; undefined where it has not been downloaded. Read as Electron's own index.js does. */
export function electronBinary(folder) {
  // Written last, when everything has been unpacked.
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : undefined
  const elsewhere = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const binary = elsewhere
    ? join(elsewhere, name ?? 'electron')
    : name === undefined
      ? undefined
      : join(folder, 'dist', name)
  return binary !== undefined && existsSync(binary) ? binary : undefined
}

/** The child ends when we are gone, and its channel does not keep it. */
const installScript = `
process.on('disconnect', () => process.exit(1))
process.channel.unref()
require(process.argv[1])
`

/**
 * Downloads the binary with Electron's own script, for a limited time; ends it when that is over, and
 * leaves no temporary file.
 *
 * @returns why the download failed, null where it did not; and the signal that we were sent meanwhile
 */
export function fetchElectron(folder, node, limitMs) {
  const temporary = mkdtempSync(join(tmpdir(), 'corescope-electron-'))
  return new Promise((resolve) => {
    const child = spawn(node, ['-e', installScript, join(folder, 'install.js')], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    })
    let why = null
    let stoppedBy
    const end = (reason) => {
      why = reason
      child.kill('SIGKILL')
    }
    const limit = setTimeout(() => end(`not within ${limitMs / 1000} s`), limitMs)
    const stop = (signal) => {
      stoppedBy = signal
      child.kill('SIGKILL')
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, stop)
    const settle = (reason) => {
      clearTimeout(limit)
      for (const signal of signals) process.off(signal, stop)
      rmSync(temporary, { recursive: true, force: true })
      resolve({ why: reason, stoppedBy })
    }
    child.on('error', (error) => settle(error.message))
    child.on('exit', (code) => settle(why ?? (code === 0 ? null : 'the download failed')))
  })
}
