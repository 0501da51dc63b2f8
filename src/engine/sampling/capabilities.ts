import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Capabilities, Capability } from '../../shared/model/environment.ts'

/**
 * What can be read of a trial on this machine, tried on this process itself: other users' processes,
 * which a `/proc` may hide, are not looked at. Takes well under 1 ms.
 *
 * @param root below which the system's files are
 */
export function readCapabilities(
  root = '/',
  platform: NodeJS.Platform = process.platform,
): Capabilities {
  if (platform !== 'linux') return elsewhere
  const tried = (path: string, holds: (text: string) => boolean, missing: string): Capability => {
    try {
      return holds(readFileSync(join(root, path), 'utf8')) ? available : not(missing)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      return not(code === 'ENOENT' ? missing : `/${path} cannot be read (${code})`)
    }
  }
  const [thread = 'self'] = namesIn(join(root, 'proc/self/task'))
  const shows = (line: RegExp) => (text: string) => line.test(text)
  const noRollup =
    'the kernel does not sum up a process’s memory (/proc/PID/smaps_rollup, Linux 4.14)'
  return {
    core_times: tried(
      'proc/stat',
      shows(/^cpu\d+ /m),
      '/proc shows no times of the cores (/proc/stat)',
    ),
    process_tree: tried(
      `proc/self/task/${thread}/children`,
      () => true,
      'the kernel lists no children (/proc/PID/task/TID/children, CONFIG_PROC_CHILDREN)',
    ),
    proportional_memory: tried('proc/self/smaps_rollup', shows(/^Pss: /m), noRollup),
    private_memory: tried(
      'proc/self/smaps_rollup',
      (text) => /^Private_Clean: /m.test(text) && /^Private_Dirty: /m.test(text),
      noRollup,
    ),
    thread_cpu: tried(
      `proc/self/task/${thread}/schedstat`,
      // Without CONFIG_SCHED_INFO there are zeros in it.
      shows(/^[1-9]\d* \d+ \d+/),
      'the kernel keeps no times of threads in ns (/proc/PID/task/TID/schedstat, CONFIG_SCHED_INFO)',
    ),
    context_switches: tried(
      'proc/self/status',
      shows(/^nonvoluntary_ctxt_switches:/m),
      'the kernel does not count switches (/proc/PID/status)',
    ),
    last_core: tried(
      'proc/self/stat',
      (text) => isWhole(text.slice(text.lastIndexOf(')') + 2).split(' ')[fieldsToCore]),
      'the kernel does not tell the core a thread ran on (/proc/PID/stat)',
    ),
  }
}

/** The core is field 39 of a `stat` (proc_pid_stat(5)), counted here from the one after the name. */
const fieldsToCore = 36

/** What of it a provider gives: the portable one lists processes with the system's own programs. */
export function givenBy(provider: string, capabilities: Capabilities): Capabilities {
  if (provider === 'proc') return capabilities
  const kept = (capability: Capability) =>
    capability.available ? not(`${provider} does not read it`) : capability
  return {
    core_times: capabilities.core_times,
    process_tree: available,
    proportional_memory: kept(capabilities.proportional_memory),
    private_memory: kept(capabilities.private_memory),
    thread_cpu: kept(capabilities.thread_cpu),
    context_switches: kept(capabilities.context_switches),
    last_core: kept(capabilities.last_core),
  }
}

/** Under which option `/proc` hides other users' processes (proc(5)); null where it hides none. */
export function hiddenProcesses(root = '/'): string | null {
  try {
    const mounts = readFileSync(join(root, 'proc/self/mountinfo'), 'utf8').split('\n')
    // A mount over another is the one that is seen, and stands below it in the list.
    const options = mounts.findLast((line) => / \/proc .* - proc /.test(line))
    const value = /\bhidepid=(\w+)/.exec(options ?? '')?.[1]
    return value === undefined || value === '0' || value === 'off' ? null : `hidepid=${value}`
  } catch {
    return null
  }
}

const available: Capability = { available: true, why: null }

function not(why: string): Capability {
  return { available: false, why }
}

const linuxAlone = not('only Linux shows it')

/** What Node and `systeminformation` give on other systems. */
const elsewhere: Capabilities = {
  core_times: available,
  process_tree: available,
  proportional_memory: linuxAlone,
  private_memory: linuxAlone,
  thread_cpu: linuxAlone,
  context_switches: linuxAlone,
  last_core: linuxAlone,
}

function isWhole(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
