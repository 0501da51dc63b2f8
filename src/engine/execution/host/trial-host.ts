import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import { monotonicMs } from '../../clock.ts'
import { dispatcher } from '../dispatch.ts'
import type { OwnInputs } from '../own/inputs.ts'
import type { Batch, HostResult, HostToLab, LookedAtPhase, TrialSpec } from '../protocol.ts'
import { assignmentFor } from '../scheduling.ts'
import { processSwitches } from '../worker/own-usage.ts'
import { Crew } from './crew.ts'

/** How long the host stays as it is at the end of a phase, for the lab to look at it. */
export const lookMs = 5000
/**
 * Resolution of the event-loop delay. The histogram counts it in, so it is taken off again. At 5 ms the
 * host woke 200 times a second, and the workers beside it lost some 2 % of their throughput.
 */
const delayResolutionMs = 20

/** Intervals after which the host reports though not all workers have told: one may be in a long task. */
const patience = 1.5

/**
 * Runs one trial: baseline → spawn → barrier → work → teardown.
 *
 * @param look has the lab look at what is there; resolves when it has
 * @throws Error in words, where a worker fails or ends before its time
 */
export async function hostTrial(
  spec: TrialSpec,
  workerProgram: string,
  tell: (message: HostToLab) => void,
  look: (after: LookedAtPhase) => Promise<void>,
): Promise<HostResult> {
  const crew = new Crew(spec)
  const waitForLook = (after: LookedAtPhase) =>
    Promise.race([look(after), setTimeout(lookMs, undefined, { ref: false }), crew.broken])

  // What is made for all workers is there before the host is watched.
  const inputs = spec.own?.inputs === true ? await inputsFor(spec, crew) : null
  const baselineFrom = monotonicMs()
  tell({ type: 'phase', name: 'baseline', at: baselineFrom })
  await setTimeout(spec.baselineMs)
  const baselineRssBytes = process.memoryUsage.rss()
  await waitForLook('baseline')
  const baselineTo = monotonicMs()

  tell({ type: 'phase', name: 'spawn', at: baselineTo })
  await crew.spawn(workerProgram)
  const allReadyAt = monotonicMs()

  tell({ type: 'phase', name: 'barrier', at: allReadyAt })
  tell({ type: 'crew', workers: crew.identities })
  await crew.prepare()
  await waitForLook('barrier')
  const work = await hostWork(spec, crew, inputs, tell, () => waitForLook('work'))

  await crew.askForSpans()
  tell({ type: 'phase', name: 'teardown', at: monotonicMs() })
  const workers = await crew.tearDown()
  return { baselineFrom, baselineTo, baselineRssBytes, allReadyAt, ...work, workers }
}

/** The work window, from the release of the barrier to the last task, and what the host is in it. */
async function hostWork(
  spec: TrialSpec,
  crew: Crew,
  inputs: OwnInputs | null,
  tell: (message: HostToLab) => void,
  look: () => Promise<void>,
) {
  const { startsWorkers } = modelTraits[spec.model]
  const told = new Set<number>()
  let reporting: NodeJS.Timeout | undefined
  const report = (): void => {
    told.clear()
    reporting?.refresh()
    const { user, system } = process.cpuUsage()
    tell({
      type: 'report',
      at: monotonicMs(),
      rssBytes: process.memoryUsage.rss(),
      cpuMs: (user + system) / 1000,
      workers: crew.report,
    })
  }
  report()
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
  delay.enable()
  // A delay is counted from the turn before, so that the loop must have turned before it is blocked.
  await setTimeout(2 * delayResolutionMs)

  const switchesBefore = processSwitches()
  const cpuBefore = process.cpuUsage()
  const releasedAt = monotonicMs()
  const dispatch = dispatcher(spec, releasedAt, monotonicMs)
  crew.onAnswer = (from, answer) => {
    for (const [worker, batch] of dispatch(from, answer)) {
      if (batch === null) crew.send(worker, { type: 'no-more-tasks' })
      else if (inputs === null) crew.send(worker, { type: 'tasks', ...batch })
      else handOut(crew, worker, batch, inputs)
    }
  }
  // Inline the loop is blocked from the release on: the lab hears of it before, and of what is done
  // with the worker's own reports.
  if (!startsWorkers) tell({ type: 'released', at: releasedAt })
  // As soon as all have told: what they have done is then as old as it is said to be.
  crew.onProgress = (worker) => {
    told.add(worker)
    if (told.size === spec.workers) report()
  }
  const release = () =>
    crew.release(
      (worker) => assignmentFor(spec, worker),
      inputs && ((assignment) => inputs.ofAssignment(assignment)),
    )
  if (inputs === null) release()
  else inputs.sending(release)
  if (startsWorkers) tell({ type: 'released', at: releasedAt })
  reporting = setInterval(report, patience * spec.intervalMs)
  await crew.done

  const cpu = process.cpuUsage(cpuBefore)
  const switches = processSwitches()
  const hostRssBytes = process.memoryUsage.rss()
  clearInterval(reporting)
  report()
  const looked = look()
  // A loop that was blocked until now gets the turn in which its delay is counted.
  await setTimeout(2 * delayResolutionMs)
  delay.disable()
  await looked
  return {
    releasedAt,
    hostCpuMs: (cpu.user + cpu.system) / 1000,
    hostVoluntarySwitches: switches.voluntary - switchesBefore.voluntary,
    hostInvoluntarySwitches: switches.involuntary - switchesBefore.involuntary,
    hostRssBytes,
    hostDelayP99Ms: Math.max(0, delay.percentile(99) / 1e6 - delayResolutionMs),
  }
}

async function inputsFor(spec: TrialSpec, crew: Crew): Promise<OwnInputs> {
  const { makeInputs } = await import('../own/inputs.ts')
  return Promise.race([makeInputs(spec, (failure) => crew.fail(failure)), crew.broken])
}

/** Sends a worker its next tasks with their inputs. */
function handOut(crew: Crew, worker: number, batch: Batch, inputs: OwnInputs): void {
  const own = inputs.ofAssignment({ how: 'range', ...batch })
  try {
    inputs.sending(() => crew.send(worker, { type: 'tasks', ...batch, inputs: own }))
  } catch (error) {
    crew.fail(error as Error)
  }
}
