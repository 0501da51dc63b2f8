import type { ProcessMemory } from '../provider.ts'
import { ProcFile, readOnce } from './proc-file.ts'

const bytesPerKilobyte = 1024

const availableName = 'MemAvailable:'

/** Memory of the machine that can be had without swapping (proc_meminfo(5)). */
export class AvailableMemory {
  readonly #file = new ProcFile('/proc/meminfo')

  /** In bytes; null where the kernel does not tell (before 3.14). */
  read(): number | null {
    const content = this.#file.read()
    const at = content?.indexOf(availableName) ?? -1
    if (content === null || at < 0) return null
    const kilobytes = Number.parseInt(
      content.toString('latin1', at + availableName.length, at + 40),
      10,
    )
    return Number.isNaN(kilobytes) ? null : kilobytes * bytesPerKilobyte
  }

  close(): void {
    this.#file.close()
  }
}

/**
 * Proportional and private memory of a process (proc_pid_smaps(5)). The kernel walks all its pages for
 * it: about 1 ms for a Node process, where its resident set takes a few microseconds.
 *
 * @returns null where the process is gone, or the system does not tell
 */
export function readMemoryOf(processId: number): ProcessMemory | null {
  const rollup = readOnce(`/proc/${processId}/smaps_rollup`)
  return rollup === null ? null : memoryIn(rollup.toString('latin1'))
}

/** @param rollup what `smaps_rollup` holds; empty for a process that has ended and was not waited for */
export function memoryIn(rollup: string): ProcessMemory | null {
  const pss = kilobytes(rollup, 'Pss')
  const parts = ['Private_Clean', 'Private_Dirty', 'Private_Hugetlb'].map((name) =>
    kilobytes(rollup, name),
  )
  const [clean, dirty, huge] = parts
  if (pss == null || clean == null || dirty == null) return null
  return {
    pssBytes: pss * bytesPerKilobyte,
    ussBytes: (clean + dirty + (huge ?? 0)) * bytesPerKilobyte,
  }
}

function kilobytes(rollup: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]
  return found === undefined ? null : Number(found)
}
