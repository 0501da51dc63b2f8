import type { Part, PartName } from './part.ts'

/** Every part, loaded when it is played. */
const catalogue: Readonly<Record<PartName, () => Promise<{ default: Part }>>> = {
  counting: () => import('./counting.ts'),
  locking: () => import('./locking.ts'),
  steps: () => import('./steps.ts'),
  failing: () => import('./failing.ts'),
  victim: () => import('./victim.ts'),
  echoing: () => import('./echoing.ts'),
}

/** @throws Error where the catalogue has no such name */
export async function loadPart(name: string): Promise<Part> {
  if (!Object.hasOwn(catalogue, name)) throw new Error(`no part is called ${name}`)
  return (await catalogue[name as PartName]()).default
}
