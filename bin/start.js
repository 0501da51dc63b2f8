#!/usr/bin/env node
// `npm start`: the desktop app, or the web shell where there can be none.
import { join } from 'node:path'
import { electronBinary, electronFolder, fetchElectron } from './electron.js'
import { isBuilt, pinnedNode, root, runChild, startCommand, tell } from './launch.js'

const flags = process.argv.slice(2)
/** For how long the start waits for a download. */
const patienceS = 20
/** The exit code of a program whose libraries are not there. */
const cannotLoad = 127

async function main() {
  if (!isBuilt(join('main', 'index.js'), join('cli', 'main.js'))) return
  const electron = await findElectron()
  if (electron.stoppedBy !== undefined) {
    process.exitCode = electron.stoppedBy === 'SIGINT' ? 130 : 1
    return
  }
  let { why } = electron
  if (electron.binary !== undefined) {
    why = await runDesktop(electron.binary)
    if (why === null) return
  }
  tell(`no desktop app here: ${why}; starting the web shell`)
  await startCommand(['serve', '--open', ...flags])
}

/** @returns the program, or why there is none, or the signal that came while it was fetched */
async function findElectron() {
  const hasDisplay = process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  if (process.platform === 'linux' && !hasDisplay) return { why: 'there is no display' }
  const folder = electronFolder()
  if (folder === undefined) return { why: 'Electron is not installed' }
  const installed = electronBinary(folder)
  if (installed !== undefined) return { binary: installed }
  if (process.env.CORESCOPE_NO_DOWNLOAD === '1') return { why: 'Electron is not installed' }
  tell(
    `fetching Electron, for ${patienceS} s at most (CORESCOPE_NO_DOWNLOAD=1 does without; "npx install-electron" takes its time)`,
  )
  const { why, stoppedBy } = await fetchElectron(
    folder,
    pinnedNode() ?? process.execPath,
    patienceS * 1000,
  )
  const binary = electronBinary(folder)
  if (stoppedBy !== undefined || binary !== undefined) return { binary, stoppedBy }
  return { why: `Electron could not be fetched: ${why ?? 'it is not where it should be'}` }
}

/** @returns why the app did not start; null where it did, and has ended */
async function runDesktop(binary) {
  // Set in some editors' terminals, and would make Electron a mere Node.
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env
  try {
    const code = await runChild(binary, [root, ...flags], environment)
    if (code === cannotLoad) return 'Electron lacks libraries of the system'
    process.exitCode = code
    return null
  } catch (error) {
    return `Electron cannot be started (${error.message})`
  }
}

await main()
