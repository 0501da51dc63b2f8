import os from 'node:os'
import type { LiveReading } from '../../shared/model/progress.ts'
import type { PhaseName } from '../../shared/model/run.ts'
import type { Timeline } from '../../shared/timeline.ts'
import { monotonicMs } from '../clock.ts'
import type { TrialSpec } from '../execution/protocol.ts'
import type { Reaper } from '../execution/reaper.ts'
import type { HostLaunch } from '../execution/runtimes/runtime.ts'
import { runTrial } from '../execution/trial.ts'
import type { Sampler } from '../sampling/sampler.ts'
import type { EndedTrial } from '../storage/run-recording.ts'
import { Observer } from './observer.ts'
import { TrialRecorder } from './recorder.ts'
import { Throttle } from './throttle.ts'
import { type Bounds, TrialBounds } from './trial-bounds.ts'
import { endedTrial, observedTrial } from './trial-result.ts'
import { WindowMarks } from './window-marks.ts'

export interface TrialSession {
  readonly spec: TrialSpec
  readonly launch: HostLaunch
  readonly reaper: Reaper
  readonly sampler: Sampler
  readonly signal: AbortSignal
  readonly bounds: Bounds
  /** Logical cores of the machine, and of them those that the workers may use. */
  readonly cores: number
  readonly usableCores: number
  /** Processes of the largest trial of the run, its host included. */
  readonly largestTree: number
  /** @param t_ms from the start of the trial */
  phase(name: PhaseName, t_ms: number): void
  /** At most ten times a second. */
  live(reading: LiveReading): void
  /** Every second: time to keep what the recorder holds, if that can be done at once. */
  flush(recorder: TrialRecorder, releasedMs: number | null): void
  /** At the end: time to keep what it still holds. */
  flushAll(recorder: TrialRecorder, releasedMs: number | null): Promise<unknown>
}

/** Least time between two readings that are told; more where there are many workers to tell of. */
const liveIntervalMs = 100
const workersPerInterval = 128
const flushIntervalMs = 1000

/** A trial at its end, and as it went. */
export interface WatchedTrial {
  readonly ended: EndedTrial
  readonly overview: Timeline
}

/** Runs one trial and watches it, from its host's start to its end. */
export async function watchTrial(session: TrialSession): Promise<WatchedTrial> {
  const { spec, sampler, signal, largestTree } = session
  const startedAt = monotonicMs()
  const { cores, usableCores } = session
  const recorder = new TrialRecorder({ ...spec, cores, usableCores, startedAt })
  const observer = new Observer()
  const marks = new WindowMarks(sampler, observer)
  // The sampler looks once at a time.
  let looked: Promise<unknown> = Promise.resolve()
  const look = (how: () => Promise<unknown>) => {
    looked = looked.then(how)
    return looked
  }
  const bounds = new TrialBounds({
    ...{ model: spec.model, workers: spec.workers, bounds: session.bounds },
    memoryBytes: os.totalmem(),
    look: () => look(() => sampler.look()),
  })
  const ending = AbortSignal.any([signal, bounds.exceeded])
  const tellLive = () => {
    const shares = observer.live(sampler.cpuMs)
    const reading = observer.recording(() => recorder.takeReading(shares))
    if (reading !== null) session.live(reading)
  }
  const leastMs = liveIntervalMs * Math.ceil(spec.workers / workersPerInterval)
  const live = new Throttle(leastMs, tellLive)
  let releasedMs: number | null = null
  const begun: { readonly name: PhaseName; readonly at: number }[] = []

  const timer = setInterval(
    () => observer.recording(() => session.flush(recorder, releasedMs)),
    flushIntervalMs,
  )

  const outcome = await runTrial(spec, session.launch, session.reaper, ending, {
    started: (host) =>
      sampler.watch({ root: host, intervalMs: spec.intervalMs, largestTree }, (samples) => {
        observer.recording(() => {
          for (const sample of samples) {
            recorder.addSample(sample)
            bounds.addSample(sample)
          }
        })
        live.ask()
      }),
    phase(name, at) {
      begun.push({ name, at })
      recorder.beginPhase(name, at)
      bounds.beginPhase(name)
      session.phase(name, at - startedAt)
      if (name !== 'work') return
      releasedMs = at - startedAt
      marks.begin()
      sampler.workBegins()
    },
    look(after) {
      if (after !== 'work') return look(() => sampler.look())
      recorder.window.endWork(monotonicMs())
      return look(() => marks.end())
    },
    crew(workers) {
      recorder.identify(workers)
      sampler.follow(
        workers.map(({ processId, osThreadId }) =>
          osThreadId === null ? null : { processId, osThreadId },
        ),
      )
    },
    report(report) {
      observer.recording(() => {
        recorder.addReport(report)
        bounds.addReport(report)
      })
      // It is told with the next sample: waking once more for it would cost more than it says.
      if (sampler.isGone) live.ask()
    },
  })
  const endedAt = monotonicMs()
  clearInterval(timer)
  bounds.close()
  live.stop()
  const resting = sampler.rest()
  // Who has stopped the run is not kept waiting for a sampler that is slow just now.
  if (!signal.aborted) await resting
  tellLive()
  await session.flushAll(recorder, releasedMs)
  const { overview } = recorder

  if (outcome.status === 'done') {
    const observed = { ...(await marks.figures()), window: recorder.window }
    return { ended: endedTrial(outcome.result, spec, observed, startedAt), overview }
  }
  if (outcome.status === 'observed') {
    return { ended: observedTrial(outcome.result, await marks.figures(), startedAt), overview }
  }
  const ended: EndedTrial = {
    // Ended from here: by who has stopped the run, or at a bound.
    status: ending.aborted && ending.reason === bounds.exceeded.reason ? 'failed' : outcome.status,
    reason: outcome.status === 'failed' ? outcome.reason : String(ending.reason),
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
    ...(outcome.status === 'failed' && outcome.frames?.length
      ? { observations: { stack: outcome.frames.join('\n') } }
      : {}),
  }
  return { ended, overview }
}
