// Starts the terminal shell, with a Node that can run it. Kept to syntax that an old Node parses.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const main = join(root, 'out', 'cli', 'main.js')
const [major = 0] = process.versions.node.split('.').map(Number)

/** What a thread's CPU time is read with: Node 22.19, and 23.9 on. */
const canRunHere = major >= 22 && typeof process.threadCpuUsage === 'function'

/** The Node that `npm ci` installed beside us, or undefined. */
export function pinnedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(binary) ? binary : undefined
  } catch {
    return undefined
  }
}

export function tell(line) {
  process.stderr.write(`corescope: ${line}\n`)
}

/** Whether these files of the build are there; tells where one is not. */
export function isBuilt(...parts) {
  if (parts.every((part) => existsSync(join(root, 'out', part)))) return true
  tell(`not built yet; run "npm ci" or "npm run build" in ${root}`)
  process.exitCode = 2
  return false
}

/** Runs the command as if these flags had been given to it. */
export async function startCommand(flags) {
  if (!isBuilt(join('cli', 'main.js'))) return
  if (canRunHere) {
    process.argv.splice(2, process.argv.length, ...flags)
    await import(pathToFileURL(main).href)
    return
  }
  const node = pinnedNode()
  if (node === undefined) {
    tell(
      `needs Node 22.19 or newer, this is ${process.version}; run "npm ci", which installs one beside it`,
    )
    process.exitCode = 2
    return
  }
  process.exitCode = await runChild(node, [main, ...flags], process.env)
}

/**
 * Runs a program in our place: it has our standard streams, is given our signals, and its exit code is
 * returned. Rejects where it cannot be started.
 */
export function runChild(program, flags, environment) {
  return new Promise((resolve, reject) => {
    // The channel tells the child when this launcher is gone, however it went.
    const child = spawn(program, flags, {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...environment, CORESCOPE_LAUNCHER: '1' },
    })
    const passOn = (signal) => {
      // A terminal sends Ctrl-C to the child as well; forwarding serves those who signal us alone.
      if (!(process.stdin.isTTY && signal === 'SIGINT')) child.kill(signal)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, passOn)
    const release = () => {
      for (const signal of signals) process.off(signal, passOn)
    }
    child.on('error', (error) => {
      release()
      reject(error)
    })
    child.on('exit', (code, signal) => {
      release()
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}
