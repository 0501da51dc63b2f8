import type { CgroupVersion } from '../../../shared/model/environment.ts'
import { lineCount, type SystemFiles, wholeNumber } from './system-files.ts'

export interface CgroupReading {
  /** Where the limit was looked for; null where it could not be. */
  readonly cpuVersion: CgroupVersion | null
  readonly cpuLimitCores: number | null
  readonly memoryVersion: CgroupVersion | null
  readonly memoryLimitBytes: number | null
  readonly throttledMs: number | null
  readonly throttledPeriods: number | null
}

/**
 * What the cgroups of this process grant it. A group is bound by those above it as well, so that the
 * tightest counts. Each controller lives in version 1 or in version 2, also where both are mounted
 * (https://docs.kernel.org/admin-guide/cgroup-v2.html, cgroup-v1/memory.html, scheduler/sched-bwc.html).
 *
 * @param memoryBytes of the machine; a limit above it limits nothing
 */
export function readCgroup(files: SystemFiles, memoryBytes: number): CgroupReading {
  const cpu = hierarchyOf('cpu', files)
  const cpuLimits = limitsIn(cpu, files, cpu?.version === 'v1' ? quotaV1 : quotaV2)
  const memory = hierarchyOf('memory', files)
  const memoryLimits = limitsIn(memory, files, memory?.version === 'v1' ? memoryV1 : memoryV2)
  const most = memoryLimits.least
  return {
    cpuVersion: cpuLimits.version,
    cpuLimitCores: cpuLimits.least,
    memoryVersion: memoryLimits.version,
    // Version 1 writes "no limit" as a number larger than any memory.
    memoryLimitBytes: most !== null && most <= memoryBytes ? most : null,
    ...throttling(cpu, files),
  }
}

/** Folders of the groups that bind this process by a controller, from the outermost that can be seen. */
export function groupFolders(controller: string, files: SystemFiles): readonly string[] {
  return hierarchyOf(controller, files)?.folders ?? []
}

/** The groups a controller binds this process by, from the outermost that can be seen to its own. */
interface Hierarchy {
  readonly version: CgroupVersion
  readonly controller: string
  readonly folders: readonly string[]
}

interface Mount {
  /** The group that is seen at the mount point. */
  readonly root: string
  readonly point: string
  readonly type: string
  readonly options: readonly string[]
}

function hierarchyOf(controller: string, files: SystemFiles): Hierarchy | null {
  const memberships = (files.text('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const [, controllers = '', group] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    return group === undefined ? [] : [{ controllers: controllers.split(','), group }]
  })
  const first = memberships.find(({ controllers }) => controllers.includes(controller))
  const version: CgroupVersion = first === undefined ? 'v2' : 'v1'
  const group = (first ?? memberships.find(({ controllers }) => controllers[0] === ''))?.group
  if (group === undefined) return null
  const mounts = mountsOf(files.text('/proc/self/mountinfo') ?? '').filter(({ type, options }) =>
    version === 'v2' ? type === 'cgroup2' : type === 'cgroup' && options.includes(controller),
  )
  // The mount that shows the most of the groups above; where none shows ours, a container's own view.
  const [mount] = mounts.toSorted((a, b) => rank(a, group) - rank(b, group))
  if (mount === undefined) return null
  const folders = [mount.point]
  for (const part of pathBelow(mount.root, group) ?? []) folders.push(`${folders.at(-1)}/${part}`)
  return { version, controller, folders }
}

function rank(mount: Mount, group: string): number {
  return pathBelow(mount.root, group) === null ? Number.POSITIVE_INFINITY : mount.root.length
}

/** Names on the way from one group to another below it; null where it is not below. */
function pathBelow(root: string, group: string): string[] | null {
  const above = root === '/' ? '' : root
  if (group !== above && !group.startsWith(`${above}/`)) return null
  const parts = group.slice(above.length).split('/')
  return parts.includes('..') ? null : parts.filter((part) => part !== '')
}

/** Lines of `/proc/self/mountinfo` (proc_pid_mountinfo(5)). */
function mountsOf(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const [, , , root, point] = before.split(' ')
    const [type, , options = ''] = after.split(' ')
    if (root === undefined || point === undefined || type === undefined) return []
    return [{ root: plain(root), point: plain(point), type, options: options.split(',') }]
  })
}

/** Blanks and the like are written as octal numbers there. */
function plain(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
}

/** What one group says: a limit, `none`, `unclear` where it cannot be understood, null where nothing. */
type Limit = number | 'none' | 'unclear' | null

function limitsIn(
  hierarchy: Hierarchy | null,
  files: SystemFiles,
  limitOf: (folder: string, files: SystemFiles) => Limit,
): { readonly version: CgroupVersion | null; readonly least: number | null } {
  if (hierarchy === null) return { version: null, least: null }
  const limits = hierarchy.folders.map((folder) => limitOf(folder, files))
  const numbers = limits.filter((limit) => typeof limit === 'number')
  if (numbers.length > 0) return { version: hierarchy.version, least: Math.min(...numbers) }
  // The outermost group of version 2 has no limit and no file for one.
  const top = files.text(`${hierarchy.folders[0]}/cgroup.controllers`)?.split(' ')
  const isRead = limits.includes('none') || top?.includes(hierarchy.controller) === true
  return { version: isRead && !limits.includes('unclear') ? hierarchy.version : null, least: null }
}

function quotaV2(folder: string, files: SystemFiles): Limit {
  const text = files.text(`${folder}/cpu.max`)
  if (text === null) return null
  const [quota, period = '100000'] = text.split(' ')
  return quota === 'max' ? 'none' : share(wholeNumber(quota), wholeNumber(period))
}

function quotaV1(folder: string, files: SystemFiles): Limit {
  const quota = files.text(`${folder}/cpu.cfs_quota_us`)
  if (quota === null) return null
  return quota === '-1'
    ? 'none'
    : share(wholeNumber(quota), files.count(`${folder}/cpu.cfs_period_us`))
}

function share(quota: number | null, period: number | null): Limit {
  return quota === null || period === null || quota === 0 || period === 0
    ? 'unclear'
    : quota / period
}

function memoryV2(folder: string, files: SystemFiles): Limit {
  const text = files.text(`${folder}/memory.max`)
  return text === null ? null : text === 'max' ? 'none' : (wholeNumber(text) ?? 'unclear')
}

/** The kernel tells the tightest of all groups above too, even of those that cannot be seen. */
function memoryV1(folder: string, files: SystemFiles): Limit {
  const text = files.text(`${folder}/memory.limit_in_bytes`)
  if (text === null) return null
  const own = wholeNumber(text)
  const above = lineCount(files.text(`${folder}/memory.stat`), 'hierarchical_memory_limit')
  return own === null ? 'unclear' : Math.min(own, above ?? own)
}

/** How long, and in how many periods, the quotas of these groups held work back. */
function throttling(hierarchy: Hierarchy | null, files: SystemFiles) {
  let ms: number | null = null
  let periods: number | null = null
  for (const folder of hierarchy?.folders ?? []) {
    const stat = files.text(`${folder}/cpu.stat`)
    const [word, perMs] =
      hierarchy?.version === 'v1'
        ? (['throttled_time', 1e6] as const)
        : (['throttled_usec', 1e3] as const)
    const time = lineCount(stat, word)
    const count = lineCount(stat, 'nr_throttled')
    if (time !== null) ms = (ms ?? 0) + time / perMs
    if (count !== null) periods = (periods ?? 0) + count
  }
  return { throttledMs: ms, throttledPeriods: periods }
}
