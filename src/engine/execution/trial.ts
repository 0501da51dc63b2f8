import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { PhaseName } from '../../shared/model/run.ts'
import { monotonicMs } from '../clock.ts'
import { killGroup } from '../process-group.ts'
import { HeapEnd, heapIsFull } from './heap-end.ts'
import { messageCheck } from './host-message.ts'
import type {
  HostReport,
  HostResult,
  LookedAtPhase,
  ProbeResult,
  TrialSpec,
  WorkerIdentity,
} from './protocol.ts'
import type { Reaper } from './reaper.ts'
import { startNodeHost } from './runtimes/node.ts'
import { startPythonHost } from './runtimes/python.ts'
import type { HostLaunch, HostProcess } from './runtimes/runtime.ts'

export type TrialOutcome =
  | { readonly status: 'done'; readonly result: HostResult }
  | { readonly status: 'observed'; readonly result: ProbeResult }
  | { readonly status: 'failed'; readonly reason: string; readonly frames?: readonly string[] }
  | { readonly status: 'interrupted' }

export interface TrialListener {
  /** The host is there, and has not begun. */
  started(processId: number): void
  /** A phase begins; `work` with the release of the barrier. */
  phase(name: PhaseName, at: number): void
  /** Who the workers are: all are ready. */
  crew(workers: readonly WorkerIdentity[]): void
  report(report: HostReport): void
  /** A phase is over; the trial goes on when this resolves. */
  look(after: LookedAtPhase): Promise<unknown>
}

/** Only code that writes to descriptors that it has not opened brings it about. */
const noMessage =
  'the host sent something that is none of its messages: code in it writes where it speaks to Corescope'

/** The last of what a host and its workers wrote, enough to say why one died. */
const keptOutput = 4096

/** How long the output of a host that is gone is waited for. */
const outputPatienceMs = 1000

/**
 * One trial in a host of its own. Where the signal is aborted, the whole process group is killed at
 * once: what was measured has been reported already.
 *
 * @returns never rejects; what goes wrong in a host is an outcome
 */
export async function runTrial(
  spec: TrialSpec,
  launch: HostLaunch,
  reaper: Reaper,
  signal: AbortSignal,
  listener: TrialListener,
): Promise<TrialOutcome> {
  if (signal.aborted) return { status: 'interrupted' }
  let hosted: HostProcess
  try {
    hosted = startHost(launch)
    await once(hosted.process, 'spawn')
  } catch (error) {
    return {
      status: 'failed',
      reason: `the host could not be started: ${(error as Error).message}`,
    }
  }
  const { process: host } = hosted
  const leader = host.pid as number
  const forget = reaper.watchGroup(leader)
  const output = hosted.output.map(lastOf)
  const heapEnd = new HeapEnd(host.stderr)
  const kill = () => killGroup(host)
  const isMessage = messageCheck(spec)
  signal.addEventListener('abort', kill)

  const outcome = await new Promise<TrialOutcome>((resolve) => {
    let heard: TrialOutcome | undefined
    let letGo: NodeJS.Timeout | undefined
    hosted.listen((said) => {
      // What comes after the end, or after what is no message, changes nothing.
      if (heard !== undefined) return
      if (!isMessage(said)) {
        heard = { status: 'failed', reason: noMessage }
        return kill()
      }
      switch (said.type) {
        case 'phase':
          return listener.phase(said.name, said.at)
        case 'crew':
          return listener.crew(said.workers)
        case 'released':
          return listener.phase('work', said.at)
        case 'look':
          return void listener.look(said.after).then(() => {
            hosted.send({ type: 'go-on' })
          })
        case 'report':
          return listener.report(said)
        case 'finished':
          heard = { status: 'done', result: said.result }
          return
        case 'observed':
          heard = { status: 'observed', result: said.result }
          return
        case 'failed':
          heard = { status: 'failed', reason: said.reason, frames: said.frames ?? [] }
          kill()
      }
    })
    host.on('error', () => {})
    host.once('exit', () => {
      // Workers that have lost their host may still be there, and hold its output open.
      kill()
      // So may a process that a task has put into a group of its own: nobody waits for it.
      letGo = setTimeout(() => hosted.letGo(), outputPatienceMs)
    })
    host.once('close', (code, how) => {
      clearTimeout(letGo)
      // What was finished before it was stopped is finished.
      if (heard?.status === 'failed' && heapEnd.wasSeen) {
        heard = { ...heard, reason: heapEnd.named(heard.reason) }
      }
      if (heard !== undefined) return resolve(heard)
      if (signal.aborted) return resolve({ status: 'interrupted' })
      const ending = how === null ? `with exit code ${code}` : `by signal ${how}`
      const words = output.map((read) => read()).join('')
      const why = heapEnd.wasSeen ? `: ${heapIsFull}` : lastLine(words)
      resolve({ status: 'failed', reason: `the host ended ${ending}${why}` })
    })
    // Stopped while the host was being started: nobody has told the listener above.
    if (signal.aborted) kill()
    listener.started(leader)
    hosted.send({ type: 'start', spec, at: monotonicMs() })
  })
  signal.removeEventListener('abort', kill)
  forget()
  return outcome
}

function startHost(launch: HostLaunch): HostProcess {
  return launch.runtime === 'node'
    ? startNodeHost(launch.program)
    : startPythonHost(launch.interpreter, launch.program)
}

/** Drains a stream, so that nobody blocks on it, and keeps its end. */
function lastOf(stream: Readable | null): () => string {
  let kept = ''
  stream?.setEncoding('utf8').on('data', (part: string) => {
    kept = (kept + part).slice(-keptOutput)
  })
  stream?.on('error', () => {})
  return () => kept
}

/** The line that says most: the first that names an error, else the last. */
function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const line = lines.find((each) => /error|fatal/i.test(each)) ?? lines.at(-1)
  return line === undefined ? '' : `: ${line.trim()}`
}
