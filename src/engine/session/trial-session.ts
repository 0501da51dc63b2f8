import type { LiveReading } from '../../shared/model/progress.ts'
import type { PhaseName } from '../../shared/model/run.ts'
import { busyFraction } from '../analysis/trial-metrics.ts'
import { monotonicMs } from '../clock.ts'
import type { TrialSpec } from '../execution/protocol.ts'
import type { Reaper } from '../execution/reaper.ts'
import { runTrial } from '../execution/trial.ts'
import { observerCpuMs } from '../sampling/observer-cost.ts'
import type { Sampler } from '../sampling/sampler.ts'
import type { EndedTrial, SampleBatch } from '../storage/run-recording.ts'
import { TrialRecorder } from './recorder.ts'
import { endedTrial } from './trial-result.ts'

export interface TrialSession {
  readonly trialId: number
  readonly spec: TrialSpec
  readonly hostProgram: string
  readonly reaper: Reaper
  readonly sampler: Sampler
  readonly signal: AbortSignal
  phase(name: PhaseName): void
  /** At most ten times a second. */
  live(reading: LiveReading): void
  /** About twice a second, and at the end: what is to be kept. */
  flush(batches: readonly SampleBatch[], releasedMs: number | null, tasksDone: number): void
}

const liveIntervalMs = 100
const flushIntervalMs = 500

/** Runs one trial and watches it, from its host's start to its end. */
export async function watchTrial(session: TrialSession): Promise<EndedTrial> {
  const { spec, sampler, trialId } = session
  const startedAt = monotonicMs()
  const recorder = new TrialRecorder(trialId, startedAt, spec.model)
  let releasedMs: number | null = null
  const begun: { readonly name: PhaseName; readonly at: number }[] = []
  const marks: ReturnType<typeof markNow>[] = []
  const markNow = () => ({ reading: sampler.mark(), cpuMs: observerCpuMs() })

  const flush = () => session.flush(recorder.take(), releasedMs, recorder.live.tasksDone)
  let ticks = 0
  const timer = setInterval(() => {
    ticks++
    session.live(recorder.live)
    if (ticks % (flushIntervalMs / liveIntervalMs) === 0) flush()
  }, liveIntervalMs)

  const outcome = await runTrial(spec, session.hostProgram, session.reaper, session.signal, {
    started: (host) => sampler.watch(host, spec.intervalMs, (sample) => recorder.addSample(sample)),
    phase(name, at) {
      begun.push({ name, at })
      session.phase(name)
      if (name !== 'work') return
      releasedMs = at - startedAt
      marks.push(markNow())
      sampler.workBegins()
    },
    worked() {
      marks.push(markNow())
      return sampler.workEnds()
    },
    report: (report) => recorder.addReport(report),
  })
  const endedAt = monotonicMs()
  await sampler.rest()
  clearInterval(timer)
  const [from, to] = await Promise.all(marks.map((mark) => mark.reading))
  session.live(recorder.live)
  flush()

  if (outcome.status !== 'done') {
    return {
      status: outcome.status,
      reason: outcome.status === 'failed' ? outcome.reason : 'stopped by the user',
      releasedMs,
      tasksDone: recorder.live.tasksDone,
      metrics: {},
      phases: begun.map(({ name, at }, index) => ({
        name,
        worker: null,
        start_ms: at - startedAt,
        end_ms: (begun[index + 1]?.at ?? endedAt) - startedAt,
      })),
      workers: [],
    }
  }
  const [cpuFrom, cpuTo] = marks.map((mark) => mark.cpuMs)
  const observed = {
    peakTreeRssBytes: recorder.peakTreeRssBytes,
    saturation: from && to ? busyFraction(from, to) : null,
    observerCpuMs: isNumber(cpuFrom) && isNumber(cpuTo) ? cpuTo - cpuFrom : null,
    hasSwitches: process.platform === 'linux',
  }
  return endedTrial(outcome.result, spec, observed, startedAt)
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number'
}
