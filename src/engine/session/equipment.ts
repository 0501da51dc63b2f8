import type { Plan } from '../../shared/model/plan.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'
import { findExpected } from '../execution/expectation.ts'
import { type HttpServer, startHttpServer } from '../execution/http-server.ts'
import type { Programs } from '../execution/programs.ts'
import { Reaper } from '../execution/reaper.ts'
import { providerFor } from '../sampling/choice.ts'
import { Sampler } from '../sampling/sampler.ts'
import type { Workload } from '../workloads/workload.ts'
import {
  type CompiledKernel,
  type CompiledKernels,
  compileKernels,
  needsKernels,
} from './compiled-kernels.ts'
import { unlessAborted } from './unless-aborted.ts'

/** What a run holds while it lasts, and its trials use in turn. */
export interface Equipment {
  readonly reaper: Reaper
  readonly sampler: Sampler
  /** The lab's own server, where the workload asks one. */
  readonly server: HttpServer | null
  /** The checksums that a configuration's tasks must return; null where the kernel verifies. */
  expectedFor(configuration: Work): readonly number[] | null
  /** The compiled kernel that a configuration needs; null where it needs none. */
  kernelFor(configuration: PlannedConfiguration): CompiledKernel | null
  close(): Promise<void>
}

/** However short a trial is bounded, so long the expected results may be looked for: starting takes its time. */
const leastSearchMs = 10_000

/** What a task does. */
type Work = Pick<PlannedConfiguration, 'workload' | 'parameters'>

/**
 * @param configurations all whose trials the run has
 * @throws Error where a part cannot be had, or the signal is aborted; nothing is left behind then
 */
export async function equip(
  parts: {
    readonly plan: Plan
    readonly programs: Programs
    readonly workloads: ReadonlyMap<string, Workload>
  },
  configurations: readonly PlannedConfiguration[],
  signal: AbortSignal,
  /** Says what is being prepared now. */
  prepare: (what: string) => void,
): Promise<Equipment> {
  const { plan, programs, workloads } = parts
  const reaper = await Reaper.start(programs.reaper)
  const sampler = new Sampler(programs.sampler, providerFor(plan.sampler))
  let server: HttpServer | null = null
  let kernels: CompiledKernels | null = null
  const close = async () => {
    server?.close()
    await kernels?.remove()
    reaper.close()
    await sampler.close()
  }
  try {
    if ([...workloads.values()].some(({ needs }) => needs === 'server')) {
      server = await unlessAborted(startHttpServer(programs.httpServer, reaper), signal)
    }
    const { seed } = plan
    const withinMs = Math.max(leastSearchMs, plan.timeout_s * 1000)
    const expected = new Map<string, readonly number[] | null>()
    for (const { workload, parameters } of configurations) {
      const key = keyOf({ workload, parameters })
      if (expected.has(key)) continue
      const known = workloads.get(workload)
      const request = { workload, parameters, seed }
      // A probe has no checksums; what is right of the user's own code, it says itself.
      const found =
        known === undefined || known.own !== undefined
          ? null
          : await findExpected(programs.expectation, request, signal, withinMs)
      expected.set(key, found)
    }
    const expectedFor = (work: Work) => {
      const checksums = expected.get(keyOf(work))
      if (checksums === undefined) throw new Error('no expected results for these parameters')
      return checksums
    }
    await unlessAborted(sampler.ready(), signal)
    if (needsKernels(configurations)) {
      prepare('compiling the kernels')
      kernels = await compileKernels(configurations, programs, reaper, signal)
    }
    const kernelFor = (configuration: PlannedConfiguration) =>
      kernels?.kernelFor(configuration) ?? null
    return { reaper, sampler, server, expectedFor, kernelFor, close }
  } catch (error) {
    await close()
    throw error
  }
}

function keyOf({ workload, parameters }: Work): string {
  return JSON.stringify([workload, parameters])
}
