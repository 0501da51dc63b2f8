import { describe, expect, it } from 'vitest'
import { readCgroup } from '../../src/engine/sampling/environment/cgroup.ts'
import { systemFiles } from '../../src/engine/sampling/environment/system-files.ts'
import { madeUpSystem } from '../support/made-up-system.ts'

const GiB = 1024 ** 3
const machineBytes = 16 * GiB

function read(contents: Readonly<Record<string, string | null>>) {
  return readCgroup(systemFiles(madeUpSystem(contents)), machineBytes)
}

const unknown = {
  cpuVersion: null,
  cpuLimitCores: null,
  memoryVersion: null,
  memoryLimitBytes: null,
  throttledMs: null,
  throttledPeriods: null,
}

/** Version 2 alone, as a desktop or a recent server has it. */
const unified = {
  '/proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw',
  '/proc/self/cgroup': '0::/user.slice/session.scope',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids',
}
const slice = '/sys/fs/cgroup/user.slice'
const scope = `${slice}/session.scope`

/** Version 1, each controller mounted by itself, and version 2 without the controllers that matter. */
const hybrid = {
  '/proc/self/mountinfo': [
    '31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755',
    '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct',
    '35 31 0:32 / /groups/of\\040memory rw,relatime - cgroup cgroup rw,memory',
    '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
  ].join('\n'),
  '/proc/self/cgroup': '4:memory:/outer/inner\n2:cpu,cpuacct:/jobs/mine\n0::/',
  '/sys/fs/cgroup/unified/cgroup.controllers': 'hugetlb',
}
const noLimitV1 = '9223372036854771712'

describe('limits of cgroups, version 2', () => {
  it('are those of the own group', () => {
    expect(
      read({
        ...unified,
        [`${scope}/cpu.max`]: '150000 100000',
        [`${scope}/memory.max`]: String(2 * GiB),
      }),
    ).toMatchObject({
      cpuVersion: 'v2',
      cpuLimitCores: 1.5,
      memoryVersion: 'v2',
      memoryLimitBytes: 2 * GiB,
    })
  })

  it('are the tightest of the own group and those above it', () => {
    expect(
      read({
        ...unified,
        [`${slice}/cpu.max`]: '50000 100000',
        [`${scope}/cpu.max`]: '400000 100000',
        [`${slice}/memory.max`]: String(3 * GiB),
        [`${scope}/memory.max`]: 'max',
      }),
    ).toMatchObject({ cpuLimitCores: 0.5, memoryLimitBytes: 3 * GiB })
  })

  it('are known to be none where "max" is written, or where the outermost group governs and none is set', () => {
    const noLimits = {
      cpuVersion: 'v2',
      cpuLimitCores: null,
      memoryVersion: 'v2',
      memoryLimitBytes: null,
    }
    expect(
      read({ ...unified, [`${scope}/cpu.max`]: 'max 100000', [`${scope}/memory.max`]: 'max' }),
    ).toMatchObject(noLimits)
    expect(read({ ...unified, '/proc/self/cgroup': '0::/' })).toMatchObject(noLimits)
  })

  it.each(['garbage', '-1 100000', '50000 0', '', '0 100000', '1e5 100000', 'NaN 100000'])(
    'are not known where cpu.max holds "%s"',
    (text) => {
      const { cpuVersion, cpuLimitCores } = read({ ...unified, [`${scope}/cpu.max`]: text })
      expect({ cpuVersion, cpuLimitCores }).toEqual({ cpuVersion: null, cpuLimitCores: null })
    },
  )

  it('in a container are those at the mount, whatever the group is called outside', () => {
    const inside = {
      '/proc/self/cgroup': '0::/../../outside',
      '/sys/fs/cgroup/cgroup.controllers': 'cpu memory',
      '/sys/fs/cgroup/cpu.max': '200000 100000',
      // Above the mount there are no groups, whatever is called so.
      '/sys/fs/cpu.max': '10000 100000',
    }
    expect(read({ ...unified, ...inside }).cpuLimitCores).toBe(2)
    // One that shows only its own group, under the name it has on the machine.
    const bound = {
      '/proc/self/cgroup': '0::/docker/abc/own',
      '/proc/self/mountinfo': '1 2 0:28 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw',
      '/sys/fs/cgroup/own/cpu.max': '25000 100000',
    }
    expect(read({ ...unified, ...bound }).cpuLimitCores).toBe(0.25)
  })

  it('do not take a group whose name only begins like the mounted one for a part of it', () => {
    const likeIt = {
      '/proc/self/cgroup': '0::/docker/abcdef',
      '/proc/self/mountinfo': '1 2 0:28 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw',
      '/sys/fs/cgroup/def/cpu.max': '25000 100000',
    }
    expect(read({ ...unified, ...likeIt }).cpuLimitCores).toBeNull()
  })
})

describe('limits of cgroups, version 1', () => {
  it('are found where the controller is mounted, in nested groups too, beside a version 2', () => {
    expect(
      read({
        ...hybrid,
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
        '/sys/fs/cgroup/cpu/jobs/cpu.cfs_quota_us': '30000',
        '/sys/fs/cgroup/cpu/jobs/cpu.cfs_period_us': '20000',
        '/sys/fs/cgroup/cpu/jobs/mine/cpu.cfs_quota_us': '-1',
        '/sys/fs/cgroup/cpu/jobs/mine/cpu.cfs_period_us': '100000',
        '/groups/of memory/memory.limit_in_bytes': noLimitV1,
        '/groups/of memory/outer/memory.limit_in_bytes': noLimitV1,
        '/groups/of memory/outer/inner/memory.limit_in_bytes': String(GiB),
      }),
    ).toMatchObject({
      cpuVersion: 'v1',
      cpuLimitCores: 1.5,
      memoryVersion: 'v1',
      memoryLimitBytes: GiB,
    })
  })

  it('are none where the quota is -1 and the memory larger than any', () => {
    expect(
      read({
        ...hybrid,
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
        '/groups/of memory/memory.limit_in_bytes': noLimitV1,
      }),
    ).toMatchObject({
      cpuVersion: 'v1',
      cpuLimitCores: null,
      memoryVersion: 'v1',
      memoryLimitBytes: null,
    })
  })

  it('hold for memory from groups above that cannot be seen', () => {
    expect(
      read({
        ...hybrid,
        '/groups/of memory/outer/inner/memory.limit_in_bytes': noLimitV1,
        '/groups/of memory/outer/inner/memory.stat': `cache 0\nhierarchical_memory_limit ${4 * GiB}`,
      }).memoryLimitBytes,
    ).toBe(4 * GiB)
  })

  it.each([
    ['-2', '100000'],
    ['soon', '100000'],
    ['50000', '0'],
    ['50000', ''],
  ])('are not known where the quota is "%s" in a period of "%s"', (quota, period) => {
    const { cpuVersion, cpuLimitCores } = read({
      ...hybrid,
      '/sys/fs/cgroup/cpu/jobs/mine/cpu.cfs_quota_us': quota,
      '/sys/fs/cgroup/cpu/jobs/mine/cpu.cfs_period_us': period,
    })
    expect({ cpuVersion, cpuLimitCores }).toEqual({ cpuVersion: null, cpuLimitCores: null })
  })
})

describe('cgroups that cannot be read', () => {
  it.each([
    ['nothing is there', {}],
    ['the mounts are hidden', { ...hybrid, '/proc/self/mountinfo': '' }],
    ['the own groups are hidden', { ...unified, '/proc/self/cgroup': '' }],
    ['lines are cut off', { '/proc/self/mountinfo': '31 23', '/proc/self/cgroup': '4:memory' }],
  ])('give no limit and say so: %s', (_, contents) => expect(read(contents)).toEqual(unknown))
})

describe('time for which a quota held work back', () => {
  it('is added up over the group and those above it, in ms of either version', () => {
    expect(
      read({
        ...unified,
        [`${slice}/cpu.stat`]: 'usage_usec 5\nnr_periods 9\nnr_throttled 3\nthrottled_usec 2500',
        [`${scope}/cpu.stat`]: 'usage_usec 5\nnr_throttled 1\nthrottled_usec 1000',
      }),
    ).toMatchObject({ throttledMs: 3.5, throttledPeriods: 4 })
    expect(
      read({
        ...hybrid,
        '/sys/fs/cgroup/cpu/jobs/mine/cpu.stat': 'nr_throttled 2\nthrottled_time 7000000',
      }),
    ).toMatchObject({ throttledMs: 7, throttledPeriods: 2 })
  })

  it('is not known where the group does not count it', () => {
    expect(read({ ...unified, [`${scope}/cpu.stat`]: 'usage_usec 5' })).toMatchObject({
      throttledMs: null,
      throttledPeriods: null,
    })
  })
})
