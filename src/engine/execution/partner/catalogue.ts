import type { Part } from './part.ts'

/** Every part, loaded when it is played. */
const catalogue: Readonly<Record<string, () => Promise<{ default: Part }>>> = {
  counting: () => import('./counting.ts'),
}
export type PartName = 'counting'

/** @throws Error where the catalogue has no such name */
export async function loadPart(name: string): Promise<Part> {
  const load = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined
  if (load === undefined) throw new Error(`no part is called ${name}`)
  return (await load()).default
}
