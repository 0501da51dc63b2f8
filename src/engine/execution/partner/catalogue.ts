import type { Part } from './part.ts'

/** Every part, loaded when it is played. */
const catalogue = {
  counting: () => import('./counting.ts'),
  locking: () => import('./locking.ts'),
  steps: () => import('./steps.ts'),
} as const satisfies Readonly<Record<string, () => Promise<{ default: Part }>>>

export type PartName = keyof typeof catalogue

/** @throws Error where the catalogue has no such name */
export async function loadPart(name: string): Promise<Part> {
  if (!Object.hasOwn(catalogue, name)) throw new Error(`no part is called ${name}`)
  return (await catalogue[name as PartName]()).default
}
