import { setTimeout } from 'node:timers/promises'
import { monotonicMs } from '../../clock.ts'
import { loadProbe } from '../probes/catalogue.ts'
import type { HostToLab, LookedAtPhase, ProbeResult, TrialSpec } from '../protocol.ts'
import { lookMs } from './trial-host.ts'

/**
 * Runs the trial of a probe: baseline → what it prepares → work → its end.
 *
 * @throws Error in words, where it could not be observed
 */
export async function hostProbe(
  spec: TrialSpec,
  partnerProgram: string,
  tell: (message: HostToLab) => void,
  look: (after: LookedAtPhase) => Promise<void>,
): Promise<ProbeResult> {
  const { workload, folder } = spec
  if (folder === null) throw new Error('a probe needs a folder')
  const baselineFrom = monotonicMs()
  tell({ type: 'phase', name: 'baseline', at: baselineFrom })
  await setTimeout(spec.baselineMs)
  const preparedFrom = monotonicMs()
  tell({ type: 'phase', name: 'spawn', at: preparedFrom })
  const probe = await loadProbe(workload)
  let begunAt: number | null = null
  const observations = await probe.observe({
    ...spec,
    folder,
    partnerProgram,
    begin() {
      begunAt = monotonicMs()
      tell({ type: 'released', at: begunAt })
    },
  })
  const endedAt = monotonicMs()
  await Promise.race([look('work'), setTimeout(lookMs, undefined, { ref: false })])
  return { baselineFrom, preparedFrom, begunAt: begunAt ?? preparedFrom, endedAt, observations }
}
