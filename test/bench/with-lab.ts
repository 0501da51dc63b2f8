import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Lab } from '../../src/engine/lab.ts'
import type { PlanDocument } from '../../src/shared/model/plan.ts'
import type { RunEvent } from '../../src/shared/model/progress.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { programs } from '../support/programs.ts'

/** Uses a lab with a database of its own, which is gone afterwards. */
export async function withLab<T>(
  use: (lab: Lab) => Promise<T>,
  options: { readonly programs?: Partial<typeof programs> } = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'corescope-bench-'))
  const lab = new Lab({
    databasePath: join(folder, 'bench.db'),
    programs: { ...programs, ...options.programs },
    version: 'bench',
  })
  try {
    return await use(lab)
  } finally {
    await lab.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs a plan to its end. */
export async function runPlan(
  lab: Lab,
  document: PlanDocument,
  announce: (event: RunEvent) => void = () => {},
): Promise<Run> {
  const plan = await lab.checkPlan(document)
  const started = await lab.start(plan, { force: true, announce })
  return (await started.finished).run
}
