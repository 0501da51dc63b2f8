import type { Plan } from '../../shared/model/plan.ts'
import type { ParameterValues } from '../../shared/model/workload.ts'
import { findExpected } from '../execution/expectation.ts'
import { type HttpServer, startHttpServer } from '../execution/http-server.ts'
import type { Programs } from '../execution/programs.ts'
import { Reaper } from '../execution/reaper.ts'
import { providerFor } from '../sampling/choice.ts'
import { Sampler } from '../sampling/sampler.ts'
import type { Workload } from '../workloads/workload.ts'
import { unlessAborted } from './unless-aborted.ts'

/** What a run holds while it lasts, and its trials use in turn. */
export interface Equipment {
  readonly reaper: Reaper
  readonly sampler: Sampler
  /** The lab's own server, where the workload asks one. */
  readonly server: HttpServer | null
  /** The checksums that tasks with these parameters must return; null where the kernel verifies. */
  expectedFor(parameters: ParameterValues): readonly number[] | null
  close(): Promise<void>
}

/** However short a trial is bounded, so long the expected results may be looked for: starting takes its time. */
const leastSearchMs = 10_000

/**
 * @param parameterSets all with which the run's trials will ask for expected checksums
 * @throws Error where a part cannot be had, or the signal is aborted; nothing is left behind then
 */
export async function equip(
  parts: { readonly plan: Plan; readonly programs: Programs; readonly workload: Workload | null },
  parameterSets: readonly ParameterValues[],
  signal: AbortSignal,
): Promise<Equipment> {
  const { plan, programs, workload } = parts
  const reaper = await Reaper.start(programs.reaper)
  const sampler = new Sampler(programs.sampler, providerFor(plan.sampler))
  let server: HttpServer | null = null
  const close = async () => {
    server?.close()
    reaper.close()
    await sampler.close()
  }
  try {
    if (workload?.needs === 'server') {
      server = await unlessAborted(startHttpServer(programs.httpServer, reaper), signal)
    }
    const { workload: name, seed } = plan
    const withinMs = Math.max(leastSearchMs, plan.timeout_s * 1000)
    const expected = new Map<string, readonly number[] | null>()
    for (const parameters of parameterSets) {
      const key = JSON.stringify(parameters)
      if (expected.has(key)) continue
      if (workload === null) {
        expected.set(key, null)
        continue
      }
      const request = { workload: name, parameters, seed }
      // What is right of the user's own code, it says itself.
      const found = workload.own
        ? null
        : await findExpected(programs.expectation, request, signal, withinMs)
      expected.set(key, found)
    }
    const expectedFor = (parameters: ParameterValues) => {
      const checksums = expected.get(JSON.stringify(parameters))
      if (checksums === undefined) throw new Error('no expected results for these parameters')
      return checksums
    }
    await unlessAborted(sampler.ready(), signal)
    return { reaper, sampler, server, expectedFor, close }
  } catch (error) {
    await close()
    throw error
  }
}
