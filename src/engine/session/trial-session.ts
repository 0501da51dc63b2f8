import type { LiveReading } from '../../shared/model/progress.ts'
import type { PhaseName } from '../../shared/model/run.ts'
import type { Timeline } from '../../shared/timeline.ts'
import { busyFraction } from '../analysis/trial-metrics.ts'
import { monotonicMs } from '../clock.ts'
import type { TrialSpec } from '../execution/protocol.ts'
import type { Reaper } from '../execution/reaper.ts'
import { runTrial } from '../execution/trial.ts'
import { observerCpuMs } from '../sampling/observer-cost.ts'
import type { Sampler } from '../sampling/sampler.ts'
import type { EndedTrial } from '../storage/run-recording.ts'
import { TrialRecorder } from './recorder.ts'
import { endedTrial } from './trial-result.ts'

export interface TrialSession {
  readonly spec: TrialSpec
  readonly hostProgram: string
  readonly reaper: Reaper
  readonly sampler: Sampler
  readonly signal: AbortSignal
  /** Logical cores of the machine. */
  readonly cores: number
  /** @param t_ms from the start of the trial */
  phase(name: PhaseName, t_ms: number): void
  /** At most ten times a second. */
  live(reading: LiveReading): void
  /** About twice a second: time to keep what the recorder holds, if that can be done at once. */
  flush(recorder: TrialRecorder, releasedMs: number | null): void
  /** At the end: time to keep what it still holds. */
  flushAll(recorder: TrialRecorder, releasedMs: number | null): Promise<unknown>
}

/** Least time between two readings that are told; more where there are many workers to tell of. */
const liveIntervalMs = 100
const workersPerInterval = 128
const flushIntervalMs = 500

/** A trial at its end, and as it went. */
export interface WatchedTrial {
  readonly ended: EndedTrial
  readonly overview: Timeline
}

/** Runs one trial and watches it, from its host's start to its end. */
export async function watchTrial(session: TrialSession): Promise<WatchedTrial> {
  const { spec, sampler, signal } = session
  const startedAt = monotonicMs()
  const recorder = new TrialRecorder({ ...spec, cores: session.cores, startedAt })
  const tellLive = () => {
    const reading = recorder.takeReading(null)
    if (reading !== null) session.live(reading)
  }
  let releasedMs: number | null = null
  const begun: { readonly name: PhaseName; readonly at: number }[] = []
  const marks: Mark[] = []
  const mark = () => {
    marks.push({ reading: sampler.mark(), at: monotonicMs(), observerMs: observerCpuMs() })
  }

  let ticks = 0
  const timer = setInterval(() => {
    ticks++
    if (ticks % Math.ceil(spec.workers / workersPerInterval) === 0) tellLive()
    if (ticks % (flushIntervalMs / liveIntervalMs) === 0) session.flush(recorder, releasedMs)
  }, liveIntervalMs)

  const outcome = await runTrial(spec, session.hostProgram, session.reaper, signal, {
    started: (host) => sampler.watch(host, spec.intervalMs, (sample) => recorder.addSample(sample)),
    phase(name, at) {
      begun.push({ name, at })
      recorder.beginPhase(name)
      session.phase(name, at - startedAt)
      if (name !== 'work') return
      releasedMs = at - startedAt
      mark()
      sampler.workBegins()
    },
    worked() {
      mark()
      return sampler.workEnds()
    },
    crew: (workers) => recorder.identify(workers),
    report: (report) => recorder.addReport(report),
  })
  const endedAt = monotonicMs()
  clearInterval(timer)
  const resting = sampler.rest()
  // Who has stopped the run is not kept waiting for a sampler that is slow just now.
  if (!signal.aborted) await resting
  tellLive()
  await session.flushAll(recorder, releasedMs)
  const { overview } = recorder

  if (outcome.status === 'done') {
    const observed = {
      ...(await observedBetween(marks)),
      peakTreeRssBytes: recorder.peakTreeRssBytes,
      hasSwitches: process.platform === 'linux',
    }
    return { ended: endedTrial(outcome.result, spec, observed, startedAt), overview }
  }
  const ended: EndedTrial = {
    status: outcome.status,
    reason: outcome.status === 'failed' ? outcome.reason : String(signal.reason),
    releasedMs,
    tasksDone: recorder.tasksDone,
    memoryBasis: null,
    metrics: {},
    phases: begun.map(({ name, at }, index) => ({
      name,
      worker: null,
      start_ms: at - startedAt,
      end_ms: (begun[index + 1]?.at ?? endedAt) - startedAt,
    })),
    workers: [],
  }
  return { ended, overview }
}

/** Time over which the cost of watching is averaged while a trial goes: the kernel counts in 10 ms. */
const observerWindowMs = 1000

/** Tells what watching costs just now, of one core. */
function observerShareMeter(): () => number | null {
  let from = { at: monotonicMs(), cpuMs: observerCpuMs() }
  let share: number | null = null
  return () => {
    const at = monotonicMs()
    if (at - from.at < observerWindowMs) return share
    const cpuMs = observerCpuMs()
    if (cpuMs !== null && from.cpuMs !== null) share = (cpuMs - from.cpuMs) / (at - from.at)
    from = { at, cpuMs }
    return share
  }
}

/** What is read of machine and observer as the work window begins, and as it ends. */
interface Mark {
  readonly reading: ReturnType<Sampler['mark']>
  readonly at: number
  readonly observerMs: number | null
}

async function observedBetween([begin, end]: readonly Mark[]) {
  if (begin === undefined || end === undefined) return { saturation: null, observerCpuShare: null }
  const [from, to] = await Promise.all([begin.reading, end.reading])
  const length = end.at - begin.at
  const hasCost = begin.observerMs !== null && end.observerMs !== null && length > 0
  return {
    saturation: from && to ? busyFraction(from, to) : null,
    observerCpuShare: hasCost
      ? ((end.observerMs as number) - (begin.observerMs as number)) / length
      : null,
  }
}
