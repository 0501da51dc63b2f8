import { formatBytes } from '../../../shared/format.ts'
import type { Timeline } from '../../../shared/timeline.ts'
import { orNull } from '../../scope/shown-trial.ts'

/** Parts of the memory's reading, each with the mark of its line. */
export const memoryParts = ['rss', 'pss', 'uss'] as const
export type MemoryPart = (typeof memoryParts)[number]

/** How busy the cores were at a slot, and whose work that was, in words. */
export function coresReading({ coreBusy, coreWorkersBusy, cores }: Timeline, slot: number): string {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  let known = 0
  let ours: number | null = null
  for (let core = 0; core < cores; core++) {
    const busy = coreBusy[slot * cores + core] as number
    if (busy < least) least = busy
    if (busy > most) most = busy
    const own = coreWorkersBusy[slot * cores + core] as number
    if (Number.isNaN(own) || Number.isNaN(busy)) continue
    known += busy
    ours = (ours ?? 0) + Math.min(own, busy)
  }
  if (least > most) return '–'
  const percent = (share: number) => `${Math.round(share * 100)}`
  const [low, high] = [percent(least), percent(most)]
  const range = `${low === high ? high : `${low}–${high}`} % busy`
  if (ours === null || known < leastBusy) return range
  return `${range}, ${percent(ours / known)} % of it this run’s`
}

/** Busy cores below which nobody asks whose work it is: a share of next to nothing says nothing. */
const leastBusy = 0.02

/** The memory of host and workers at a slot; a part of which nothing is known is empty. */
export function memoryReading(
  { treeRss, treePss, treeUss, hostRss }: Timeline,
  slot: number,
  separateProcesses: boolean,
): Readonly<Record<MemoryPart, string>> {
  const rss = orNull(treeRss[slot])
  const pss = orNull(treePss[slot])
  const uss = orNull(treeUss[slot])
  const host = orNull(hostRss[slot])
  const whole = rss === null ? '–' : formatBytes(rss)
  // The room is for what sets the three apart; without them it is the host's.
  const isSplit = separateProcesses && rss !== null && host !== null && pss === null
  return {
    rss: `RSS ${whole}${isSplit ? ` · host ${formatBytes(host)}` : ''}`,
    pss: pss === null ? '' : `PSS ${inTheUnitOf(whole, pss)}`,
    uss: uss === null ? '' : `USS ${inTheUnitOf(whole, uss)}`,
  }
}

/** The unit is not said again where it is the same. */
function inTheUnitOf(whole: string, bytes: number): string {
  const text = formatBytes(bytes)
  const [number = '', unit] = text.split(' ')
  return whole.endsWith(` ${unit}`) ? number : text
}

/** Whether anything is known at a slot of whose work the cores did. */
export function isAttributed({ coreWorkersBusy, cores }: Timeline, slot: number): boolean {
  for (let core = 0; core < cores; core++) {
    if (!Number.isNaN(coreWorkersBusy[slot * cores + core] as number)) return true
  }
  return false
}
