import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import { monotonicMs } from '../../clock.ts'
import type {
  HostResult,
  HostToLab,
  HostWorker,
  TrialSpec,
  WorkerReport,
  WorkerSummary,
  WorkerToHost,
} from '../protocol.ts'
import { assignmentFor, taskQueue } from '../scheduling.ts'
import { processSwitches } from '../worker/own-usage.ts'
import { inline } from './inline.ts'
import type { ExecutionModel, WorkerHandle } from './model.ts'
import { processes } from './processes.ts'
import { threads } from './threads.ts'

const executionModels: Readonly<Record<TrialSpec['model'], ExecutionModel>> = {
  inline,
  threads,
  processes,
}

/** A worker that has not gone this long after it was asked to is ended. */
const politeMs = 1000
/** Workers that are not ready after this long never will be: 30 s, and half a second for each. */
const spawnDeadlineMs = (workers: number) => 30_000 + 500 * workers
/** How long the host stays as it is at the end of the work, for the lab to look at it. */
const lookMs = 5000
/** Resolution of the event-loop delay. The histogram counts it in, so it is taken off again. */
const delayResolutionMs = 5

interface Member {
  handle: WorkerHandle
  processId: number
  threadId: number
  startCalledAt: number
  readyAt: number
  endCalledAt: number
  exitedAt: number
  report: WorkerReport | null
  summary: WorkerSummary | null
}

/**
 * Runs one trial: baseline → spawn → barrier → work → teardown.
 *
 * @throws Error in words, where a worker fails or ends before its time
 */
export async function hostTrial(
  spec: TrialSpec,
  workerProgram: string,
  tell: (message: HostToLab) => void,
  mayTearDown: Promise<void>,
): Promise<HostResult> {
  const model = executionModels[spec.model]
  const { startsWorkers, separateProcesses } = modelTraits[spec.model]
  const members: Member[] = []
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>()
  broken.catch(() => {})
  const gathering = gatherings(spec.workers, broken)
  let isEnding = false
  let onChecksum: (worker: number) => void = () => {}
  let onProgress: () => void = () => {}

  const name = (worker: number) => {
    const { processId = 0, threadId = 0 } = members[worker] ?? {}
    if (!startsWorkers) return 'the host'
    const id = separateProcesses ? `process ${processId}` : `thread ${threadId}`
    return `worker ${worker} (${id})`
  }

  const hear = (worker: number, message: WorkerToHost) => {
    if (typeof message === 'number') return onChecksum(worker)
    const member = members[worker] as Member
    switch (message.type) {
      case 'ready':
        member.readyAt = monotonicMs()
        member.processId = message.processId
        member.threadId = message.threadId
        return gathering.ready()
      case 'prepared':
        return gathering.prepared()
      case 'progress':
        member.report = message
        return onProgress()
      case 'done':
        member.summary = message.summary
        return gathering.done()
      case 'failed': {
        const where = message.task === null ? '' : ` in task ${message.task}`
        return breakOff(new Error(`${name(worker)} failed${where}: ${message.message}`))
      }
    }
  }

  const baselineFrom = monotonicMs()
  tell({ type: 'phase', name: 'baseline', at: baselineFrom })
  await setTimeout(spec.baselineMs)
  const baselineTo = monotonicMs()
  const baselineRssBytes = process.memoryUsage.rss()

  tell({ type: 'phase', name: 'spawn', at: baselineTo })
  for (let worker = 0; worker < spec.workers; worker++) {
    const member: Member = {
      handle: { send: () => {}, kill: () => {} },
      processId: 0,
      threadId: 0,
      startCalledAt: monotonicMs(),
      readyAt: 0,
      endCalledAt: 0,
      exitedAt: 0,
      report: null,
      summary: null,
    }
    members.push(member)
    member.handle = model.start(workerProgram, {
      message: (message) => hear(worker, message),
      exited: (how) => {
        member.exitedAt = monotonicMs()
        if (isEnding) return gathering.exited()
        breakOff(new Error(`${name(worker)} ended before its time: ${how ?? 'exit code 0'}`))
      },
    })
  }
  const deadline = new AbortController()
  const tooLate = setTimeout(spawnDeadlineMs(spec.workers), null, { signal: deadline.signal }).then(
    () => {
      const missing = members.filter(({ readyAt }) => readyAt === 0).length
      throw new Error(`${missing} of ${spec.workers} workers did not get ready in time`)
    },
    () => new Promise<never>(() => {}),
  )
  await Promise.race([gathering.allReady, tooLate])
  deadline.abort()
  const allReadyAt = monotonicMs()

  tell({ type: 'phase', name: 'barrier', at: allReadyAt })
  members.forEach(({ handle }, worker) => {
    handle.send({ type: 'prepare', worker, spec })
  })
  await gathering.allPrepared

  const report = (): void => {
    const { user, system } = process.cpuUsage()
    tell({
      type: 'report',
      at: monotonicMs(),
      rssBytes: process.memoryUsage.rss(),
      cpuMs: (user + system) / 1000,
      workers: members.map((member) => member.report),
    })
  }
  report()

  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
  delay.enable()
  // A delay is counted from the turn before, so that the loop must have turned before it is blocked.
  await setTimeout(3 * delayResolutionMs)
  const switchesBefore = processSwitches()
  const cpuBefore = process.cpuUsage()
  const releasedAt = monotonicMs()
  const nextTask = taskQueue(spec, releasedAt, monotonicMs)
  onChecksum = (worker) => {
    const task = nextTask()
    members[worker]?.handle.send(task ?? { type: 'no-more-tasks' })
  }
  if (!startsWorkers) {
    // The loop of the host is blocked while it works, so that its reports ride on the worker's.
    onProgress = report
    tell({ type: 'released', at: releasedAt })
  }
  members.forEach(({ handle }, worker) => {
    const assignment = assignmentFor(spec, worker)
    handle.send({ type: 'go', assignment })
    if (assignment.how === 'dynamic') onChecksum(worker)
  })
  if (startsWorkers) tell({ type: 'released', at: releasedAt })
  const reporting = setInterval(report, spec.intervalMs)
  await gathering.allDone
  const cpuAfter = process.cpuUsage(cpuBefore)
  const switchesAfter = processSwitches()
  const hostRssBytes = process.memoryUsage.rss()
  clearInterval(reporting)
  report()
  tell({ type: 'worked' })
  // A loop that was blocked until now gets the turn in which its delay is counted.
  await setTimeout(2 * delayResolutionMs)
  delay.disable()
  await Promise.race([mayTearDown, setTimeout(lookMs, undefined, { ref: false }), broken])

  isEnding = true
  tell({ type: 'phase', name: 'teardown', at: monotonicMs() })
  for (const member of members) {
    member.endCalledAt = monotonicMs()
    member.handle.send({ type: 'exit' })
  }
  const impolite = globalThis.setTimeout(() => {
    for (const member of members) if (member.exitedAt === 0) member.handle.kill()
  }, politeMs)
  await gathering.allExited
  clearTimeout(impolite)

  return {
    baselineFrom,
    baselineTo,
    baselineRssBytes,
    allReadyAt,
    releasedAt,
    workers: members.map(asResult),
    hostCpuMs: (cpuAfter.user + cpuAfter.system) / 1000,
    hostVoluntarySwitches: switchesAfter.voluntary - switchesBefore.voluntary,
    hostInvoluntarySwitches: switchesAfter.involuntary - switchesBefore.involuntary,
    hostRssBytes,
    hostDelayP99Ms: Math.max(0, delay.percentile(99) / 1e6 - delayResolutionMs),
  }
}

function asResult(member: Member): HostWorker {
  const { processId, threadId, startCalledAt, readyAt, endCalledAt, exitedAt, summary } = member
  if (summary === null) throw new Error('a worker ended without a summary')
  return { processId, threadId, startCalledAt, readyAt, endCalledAt, exitedAt, summary }
}

/** Promises that all workers have got somewhere; each fails with `broken`. */
function gatherings(workers: number, broken: Promise<never>) {
  const gather = (): [arrive: () => void, all: Promise<void>] => {
    let left = workers
    const { promise, resolve } = Promise.withResolvers<void>()
    const all = Promise.race([promise, broken])
    all.catch(() => {})
    return [
      () => {
        left--
        if (left === 0) resolve()
      },
      all,
    ]
  }
  const [ready, allReady] = gather()
  const [prepared, allPrepared] = gather()
  const [done, allDone] = gather()
  const [exited, allExited] = gather()
  return { ready, allReady, prepared, allPrepared, done, allDone, exited, allExited }
}
