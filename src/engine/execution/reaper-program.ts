import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

/*
 * Outlives the app by an instant, to end what the app can no longer end. Standard input is a pipe
 * that only the app holds: when it closes, however the app went, all that is still watched is killed
 * and every folder removed. Lines: `+group PID`, `-group PID`, `+folder PATH`, `-folder PATH`.
 */
const groups = new Set<number>()
const folders = new Set<string>()

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const [verb = '', ...rest] = line.split(' ')
  const what = rest.join(' ')
  if (verb === '+group') groups.add(Number(what))
  else if (verb === '-group') groups.delete(Number(what))
  else if (verb === '+folder') folders.add(what)
  else if (verb === '-folder') folders.delete(what)
})
lines.on('close', () => {
  for (const leader of groups) {
    try {
      process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

// Signals meant for the app's terminal are not for us: we end when the pipe does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
