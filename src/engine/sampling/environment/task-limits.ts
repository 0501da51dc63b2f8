import { groupFolders } from './cgroup.ts'
import { type SystemFiles, wholeNumber } from './system-files.ts'

/** A number of kernel threads that something allows, and how many of them there are already. */
export interface TaskLimit {
  /** As the system calls it. */
  readonly name: string
  readonly allowed: number
  readonly used: number
}

/** What bounds the kernel threads (the kernel's tasks) and the open files of a trial. */
export interface TaskLimits {
  /** Those that are known; none where the platform hides them. */
  readonly tasks: readonly TaskLimit[]
  /** Files that one process may hold open; null where that is not known. */
  readonly openFiles: number | null
}

/** What the kernel keeps back of its process numbers for itself (RESERVED_PIDS of kernel/pid.c). */
const reservedNumbers = 300

/**
 * Linux's own bounds: `pids.max` of the cgroups (https://docs.kernel.org/admin-guide/cgroup-v2.html,
 * cgroup-v1/pids.html), RLIMIT_NPROC and RLIMIT_NOFILE (getrlimit(2)), `threads-max` and `pid_max`
 * (proc_sys_kernel(5)). Elsewhere these files are not there, and nothing is known.
 *
 * @param needed kernel threads that are asked for: what a user has is counted only where it matters
 */
export function readTaskLimits(files: SystemFiles, needed: number): TaskLimits {
  const limits = files.text('/proc/self/limits')
  const tasks: TaskLimit[] = []
  for (const folder of groupFolders('pids', files)) {
    // "max", which is no number, where there is no limit.
    const allowed = files.count(`${folder}/pids.max`)
    const used = files.count(`${folder}/pids.current`)
    if (allowed !== null && used !== null) {
      tasks.push({ name: 'pids.max of the cgroup', allowed, used })
    }
  }

  // "running/all" of the fourth column (proc_loadavg(5)).
  const all = wholeNumber(files.text('/proc/loadavg')?.split(' ')[3]?.split('/')[1])
  if (all !== null) {
    const threads = files.count('/proc/sys/kernel/threads-max')
    if (threads !== null) tasks.push({ name: 'kernel.threads-max', allowed: threads, used: all })
    const numbers = files.count('/proc/sys/kernel/pid_max')
    if (numbers !== null) {
      tasks.push({ name: 'kernel.pid_max', allowed: numbers - reservedNumbers, used: all })
    }
  }
  const own = softLimit(limits, 'Max processes')
  if (own !== null && !isExempt(files)) {
    const most = all ?? Number.POSITIVE_INFINITY
    const used = own - most >= needed ? most : tasksOfUser(files)
    if (used !== null) tasks.push({ name: 'RLIMIT_NPROC of this user', allowed: own, used })
  }
  // Node takes as many open files as its hard limit allows.
  return { tasks, openFiles: hardLimit(limits, 'Max open files') }
}

/** Null where there is no such line, or no limit. */
function softLimit(limits: string | null, name: string): number | null {
  return wholeNumber(limitsOf(limits, name)[0])
}

function hardLimit(limits: string | null, name: string): number | null {
  return wholeNumber(limitsOf(limits, name)[1])
}

function limitsOf(limits: string | null, name: string): string[] {
  const line = limits?.split('\n').find((each) => each.startsWith(name))
  return line?.slice(name.length).trim().split(/\s+/) ?? []
}

/** RLIMIT_NPROC does not bind the machine's own root; one of a user namespace is none. */
function isExempt(files: SystemFiles): boolean {
  const user = userOf(files.text('/proc/self/status'))
  return user === 0 && /^\s*0\s+0\s/.test(files.text('/proc/self/uid_map') ?? '')
}

/** Kernel threads of all processes of this user; null where they cannot be counted. */
function tasksOfUser(files: SystemFiles): number | null {
  const user = userOf(files.text('/proc/self/status'))
  if (user === null) return null
  let count = 0
  for (const folder of files.list('/proc', /^\d+$/)) {
    const status = files.text(`${folder}/status`)
    if (userOf(status) === user) count += wholeNumber(line(status, 'Threads')) ?? 0
  }
  return count
}

/** The real user of a `/proc/PID/status`: the first of its four. */
function userOf(status: string | null): number | null {
  return wholeNumber(line(status, 'Uid')?.split(/\s+/)[0])
}

function line(text: string | null, word: string): string | undefined {
  return text
    ?.split('\n')
    .find((each) => each.startsWith(`${word}:`))
    ?.slice(word.length + 1)
    .trim()
}
