import type { Probe } from './probe.ts'

/** Every probe, by the name of its experiment. Loaded when needed: hosts are to start fast. */
const catalogue: Readonly<Record<string, () => Promise<{ default: Probe }>>> = {
  creation: () => import('./creation.ts'),
  'break-even': () => import('./break-even.ts'),
  failures: () => import('./failures.ts'),
  races: () => import('./races.ts'),
  deadlock: () => import('./deadlock.ts'),
  responsiveness: () => import('./responsiveness.ts'),
  transports: () => import('./transports.ts'),
}

/** @throws Error where the catalogue has no such name; plans are checked before. */
export async function loadProbe(name: string): Promise<Probe> {
  const load = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined
  if (load === undefined) throw new Error(`no probe is called ${name}`)
  return (await load()).default
}
