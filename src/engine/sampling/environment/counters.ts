import { lineCount, type SystemFiles, wholeNumber } from './system-files.ts'

/** What the kernel counts from its start on; null where it does not show it. */
export interface CounterReading {
  readonly stolenMs: number | null
  readonly swappedPages: number | null
  readonly memoryStalledMs: number | null
}

/** The kernel shows times to programs in hundredths of a second, whatever its own tick is. */
const msPerTick = 10

/** From `/proc/stat`, `/proc/vmstat` and `/proc/pressure/memory` (proc(5), accounting/psi.html). */
export function readCounters(files: SystemFiles): CounterReading {
  const times = /^cpu +(.*)$/m.exec(files.text('/proc/stat') ?? '')?.[1]?.split(' ')
  const stolen = wholeNumber(times?.[7])
  const vmstat = files.text('/proc/vmstat')
  const swappedIn = lineCount(vmstat, 'pswpin')
  const swappedOut = lineCount(vmstat, 'pswpout')
  const pressure = files.text('/proc/pressure/memory') ?? ''
  const stalledUs = wholeNumber(/^some .*\btotal=(\d+)/m.exec(pressure)?.[1])
  return {
    stolenMs: stolen === null ? null : stolen * msPerTick,
    swappedPages: swappedIn === null || swappedOut === null ? null : swappedIn + swappedOut,
    memoryStalledMs: stalledUs === null ? null : stalledUs / 1000,
  }
}
