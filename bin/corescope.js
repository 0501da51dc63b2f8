#!/usr/bin/env node
// Starts the terminal shell, with a Node that can run it. Kept to syntax that an old Node parses.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const main = join(root, 'out', 'cli', 'main.js')
const [major = 0] = process.versions.node.split('.').map(Number)

/** The Node that `npm ci` installed beside us, or undefined. */
function pinnedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(binary) ? binary : undefined
  } catch {
    return undefined
  }
}

function fail(line) {
  process.stderr.write(`corescope: ${line}\n`)
  process.exitCode = 2
}

if (!existsSync(main)) {
  fail(`not built yet; run "npm ci" or "npm run build" in ${root}`)
} else if (major >= 22 && typeof process.threadCpuUsage === 'function') {
  // What a thread's CPU time is read with: Node 22.19, and 23.9 on.
  await import(pathToFileURL(main).href)
} else {
  const node = pinnedNode()
  if (node === undefined) {
    fail(
      `needs Node 22.19 or newer, this is ${process.version}; run "npm ci", which installs one beside it`,
    )
  } else {
    // The channel tells the child when this launcher is gone, however it went.
    const child = spawn(node, [main, ...process.argv.slice(2)], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, CORESCOPE_LAUNCHER: '1' },
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      // A terminal sends Ctrl-C to the child as well; forwarding serves those who signal us alone.
      process.on(signal, () =>
        process.stdin.isTTY && signal === 'SIGINT' ? undefined : child.kill(signal),
      )
    }
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
    })
  }
}
