import { existsSync } from 'node:fs'
import type { SamplerChoice } from '../../shared/model/plan.ts'
import type { ProviderName } from './provider.ts'

/** The provider that a plan's choice comes to on this machine. */
export function providerFor(choice: SamplerChoice): ProviderName {
  if (choice !== 'auto') return choice
  return whyNoProc() === null ? 'proc' : 'systeminformation'
}

/** Why Linux's own files cannot be read here; null where they can. */
export function whyNoProc(): string | null {
  if (process.platform !== 'linux') return 'only Linux has /proc'
  if (!existsSync('/proc/self/stat')) return '/proc is not mounted'
  // A kernel may be built without it (CONFIG_PROC_CHILDREN).
  if (!existsSync(`/proc/self/task/${process.pid}/children`)) {
    return 'this kernel does not list the children of a process'
  }
  return null
}
