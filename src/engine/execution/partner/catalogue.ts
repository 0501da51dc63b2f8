import type { Part, PartName } from './part.ts'

/** Every part, loaded when it is played. */
const catalogue: Readonly<Record<PartName, () => Promise<{ default: Part }>>> = {
  counting: () => import('./counting.ts'),
  failing: () => import('./failing.ts'),
  victim: () => import('./victim.ts'),
}

/** @throws Error where the catalogue has no such name */
export async function loadPart(name: string): Promise<Part> {
  const load = Object.hasOwn(catalogue, name) ? catalogue[name as PartName] : undefined
  if (load === undefined) throw new Error(`no part is called ${name}`)
  return (await load()).default
}
