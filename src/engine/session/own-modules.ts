import type { Warning } from '../../shared/model/environment.ts'
import { workloadName } from '../../shared/model/workload.ts'
import {
  fingerprintOf,
  type InspectedModule,
  type InspectionPrograms,
  inspectModule,
  versionOf,
} from '../execution/own/inspection.ts'
import { ownWorkload } from '../workloads/own.ts'
import type { Workload } from '../workloads/workload.ts'

/** How long what is wrong with a module is remembered: it may lie in what it imports. In ms. */
const rememberedMs = 3000
/** Modules that are remembered. */
const mostModules = 50
/** Processes that look at modules at the same time: each may take as long as loading may. */
const mostAtOnce = 4

/** Modules of the user's own that have been looked at: a form asks anew with each key that is pressed. */
export class OwnModules {
  readonly #programs: InspectionPrograms
  readonly #seen = new Map<string, Promise<InspectedModule>>()
  readonly #waiting: (() => void)[] = []
  #inspections = 0

  constructor(programs: InspectionPrograms) {
    this.#programs = programs
  }

  /**
   * @param interpreter path of the Python that a module in Python is for
   * @throws LabError `bad-input`, where it cannot be used
   */
  async workload(path: string, interpreter: string | null): Promise<Workload> {
    const { exports, fingerprint } = await this.#inspected(path, interpreter)
    return ownWorkload(path, exports, fingerprint)
  }

  async #inspected(path: string, interpreter: string | null): Promise<InspectedModule> {
    const key = JSON.stringify([path, interpreter, await versionOf(path)])
    const known = this.#seen.get(key)
    if (known !== undefined) return known
    const [oldest] = this.#seen.keys()
    if (this.#seen.size >= mostModules && oldest !== undefined) this.#seen.delete(oldest)
    const inspection = this.#inspect(path, interpreter)
    this.#seen.set(key, inspection)
    inspection.catch(() => setTimeout(() => this.#seen.delete(key), rememberedMs).unref())
    return inspection
  }

  async #inspect(path: string, interpreter: string | null): Promise<InspectedModule> {
    if (this.#inspections === mostAtOnce) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else this.#inspections++
    try {
      return await inspectModule(path, this.#programs, { interpreter })
    } finally {
      // Its place is the next one's.
      const next = this.#waiting.shift()
      if (next === undefined) this.#inspections--
      else next()
    }
  }
}

/** Where one of the user's own modules is not what it was when the run began, a word on it. */
export async function changedModules(workloads: ReadonlyMap<string, Workload>): Promise<Warning[]> {
  const warnings: Warning[] = []
  for (const [path, { own }] of workloads) {
    if (own === undefined) continue
    const now = await fingerprintOf(path).catch(() => null)
    if (now === own.fingerprint) continue
    warnings.push({
      code: 'module-changed',
      message: `${workloadName(path)} was changed while the run went on: its trials may not have done the same work`,
    })
  }
  return warnings
}
