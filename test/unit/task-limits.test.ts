import { describe, expect, it } from 'vitest'
import { systemFiles } from '../../src/engine/sampling/environment/system-files.ts'
import { readTaskLimits } from '../../src/engine/sampling/environment/task-limits.ts'
import { madeUpSystem } from '../support/made-up-system.ts'

function read(contents: Readonly<Record<string, string>>, needed = 100) {
  return readTaskLimits(systemFiles(madeUpSystem(contents)), needed)
}

const limits = (processes: string, files = '1024  4096') =>
  [
    'Limit                     Soft Limit           Hard Limit           Units',
    `Max processes             ${processes}         processes`,
    `Max open files            ${files}             files`,
  ].join('\n')

const status = (user: number, threads: number) =>
  `Name:\tnode\nUid:\t${user}\t${user}\t${user}\t${user}\nThreads:\t${threads}`

describe('the bounds of kernel threads', () => {
  it('are unknown where the platform hides them', () => {
    expect(read({})).toEqual({ tasks: [], openFiles: null })
  })

  it('are those of every cgroup above, of version 2', () => {
    const slice = '/sys/fs/cgroup/user.slice'
    const { tasks } = read({
      '/proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
      '/proc/self/cgroup': '0::/user.slice/session.scope',
      [`${slice}/pids.max`]: '500',
      [`${slice}/pids.current`]: '450',
      [`${slice}/session.scope/pids.max`]: 'max',
      [`${slice}/session.scope/pids.current`]: '20',
    })
    expect(tasks).toEqual([{ name: 'pids.max of the cgroup', allowed: 500, used: 450 }])
  })

  it('are those of the cgroup of version 1', () => {
    const { tasks } = read({
      '/proc/self/mountinfo': '40 31 0:32 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids',
      '/proc/self/cgroup': '8:pids:/jobs',
      '/sys/fs/cgroup/pids/jobs/pids.max': '64',
      '/sys/fs/cgroup/pids/jobs/pids.current': '9',
    })
    expect(tasks).toEqual([{ name: 'pids.max of the cgroup', allowed: 64, used: 9 }])
  })

  it('are those of the whole machine, less the numbers that the kernel keeps', () => {
    const { tasks } = read({
      '/proc/loadavg': '3.57 1.15 1.41 8/128 31935',
      '/proc/sys/kernel/threads-max': '5000',
      '/proc/sys/kernel/pid_max': '4096',
    })
    expect(tasks).toEqual([
      { name: 'kernel.threads-max', allowed: 5000, used: 128 },
      { name: 'kernel.pid_max', allowed: 3796, used: 128 },
    ])
  })

  const machine = {
    '/proc/self/limits': limits('400   900'),
    '/proc/loadavg': '0 0 0 1/350 9',
    '/proc/self/status': status(1000, 7),
    '/proc/12/status': status(1000, 30),
    '/proc/13/status': status(1000, 2),
    '/proc/14/status': status(0, 300),
  }

  it('count what the user has where the whole machine might be too much', () => {
    const { tasks } = read(machine, 100)
    expect(tasks).toEqual([{ name: 'RLIMIT_NPROC of this user', allowed: 400, used: 32 }])
  })

  it('take all of the machine for the user’s where even that leaves room', () => {
    const { tasks } = read(machine, 50)
    expect(tasks).toEqual([{ name: 'RLIMIT_NPROC of this user', allowed: 400, used: 350 }])
  })

  it('of users do not bind the machine’s own root, but that of a user namespace', () => {
    const root = { ...machine, '/proc/self/status': status(0, 7) }
    expect(read({ ...root, '/proc/self/uid_map': '0 0 4294967295' }).tasks).toEqual([])
    expect(read({ ...root, '/proc/self/uid_map': '0 1000 1' }).tasks).toHaveLength(1)
  })

  it('may be no limit at all', () => {
    const { tasks } = read({ '/proc/self/limits': limits('unlimited unlimited') })
    expect(tasks).toEqual([])
  })
})

it('the bound of open files is the one that Node raises its own to', () => {
  expect(read({ '/proc/self/limits': limits('unlimited unlimited') }).openFiles).toBe(4096)
})
