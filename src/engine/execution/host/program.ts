import { join } from 'node:path'
import { OwnFailure } from '../own/failure.ts'
import type { HostToLab, LabToHost, LookedAtPhase, TrialSpec } from '../protocol.ts'
import { hostTrial } from './trial-host.ts'

/*
 * The sacrificial process of one trial. It leads a process group, so that it and its workers can be
 * ended together from outside, whatever they are doing.
 */

process.on('disconnect', () => endGroup())
// A module of the user's own does not find it, and so cannot speak for us.
const send = process.send?.bind(process)

let goOn = () => {}

process.on('message', (message: LabToHost) => {
  if (message.type === 'start') void run(message.spec)
  else goOn()
})

/** Has the lab look at what is there now; resolves when it has. */
function look(after: LookedAtPhase): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  goOn = resolve
  tell({ type: 'look', after })
  return promise
}

async function run(spec: TrialSpec): Promise<void> {
  try {
    await tellLast(spec.isProbe ? await probe(spec) : await trial(spec))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const frames = error instanceof OwnFailure ? error.frames : []
    await tellLast({ type: 'failed', reason, frames })
  }
  process.disconnect()
}

async function trial(spec: TrialSpec): Promise<HostToLab> {
  const result = await hostTrial(spec, join(__dirname, 'worker.cjs'), tell, look)
  return { type: 'finished', result }
}

async function probe(spec: TrialSpec): Promise<HostToLab> {
  const { hostProbe } = await import('./probe-host.ts')
  const result = await hostProbe(spec, join(__dirname, 'partner.cjs'), tell, look)
  return { type: 'observed', result }
}

// Where the lab is gone there is nobody to tell; `disconnect` follows.
process.on('error', () => {})
// The app decides what Ctrl-C means; on Windows it reaches everybody on the console.
process.on('SIGINT', () => {})

/** Without a callback: they would pile up while an inline trial keeps the loop from turning. */
function tell(message: HostToLab): void {
  send?.(message)
}

function tellLast(message: HostToLab): Promise<unknown> {
  return new Promise((resolve) => send?.(message, resolve))
}

function endGroup(): never {
  try {
    if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL')
  } catch {
    // Not the leader of a group: it was not the lab that started us.
  }
  process.exit()
}
