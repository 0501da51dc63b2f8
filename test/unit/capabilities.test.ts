import { describe, expect, it } from 'vitest'
import {
  givenBy,
  hiddenProcesses,
  readCapabilities,
} from '../../src/engine/sampling/capabilities.ts'
import { type CapabilityName, capabilityNames } from '../../src/shared/model/environment.ts'
import { madeUpSystem } from '../support/made-up-system.ts'

/** A kernel that shows everything; its process is 77, named with a bracket and a blank. */
const open = {
  '/proc/stat': 'cpu  1 2 3 4\ncpu0 1 2 3 4',
  '/proc/self/task/77/children': '78 79',
  '/proc/self/task/77/schedstat': '1234567 89 10',
  '/proc/self/smaps_rollup': 'Rss: 4 kB\nPss: 2 kB\nPrivate_Clean: 1 kB\nPrivate_Dirty: 0 kB',
  '/proc/self/status': 'Threads:\t1\nvoluntary_ctxt_switches:\t3\nnonvoluntary_ctxt_switches:\t1',
  '/proc/self/stat': `77 (a) b) S ${Array.from({ length: 34 }, (_, at) => at + 4).join(' ')} -1 1 40 41`,
}
type Contents = Readonly<Record<string, string | null>>
const read = (contents: Contents) => readCapabilities(madeUpSystem(contents), 'linux')

/** Names of what is missing, with the reasons. */
function missing(contents: Contents): [CapabilityName, string | null][] {
  const capabilities = read(contents)
  return capabilityNames
    .filter((name) => !capabilities[name].available)
    .map((name) => [name, capabilities[name].why])
}

describe('what can be sampled', () => {
  it('is everything where the kernel shows everything, and then there is no reason to give', () => {
    expect(missing(open)).toEqual([])
    for (const { why } of Object.values(read(open))) expect(why).toBeNull()
  })

  it('is nothing where there is no /proc, each with a reason', () => {
    const all = missing({})
    expect(all.map(([name]) => name)).toEqual([...capabilityNames])
    for (const [, why] of all) expect(why).toMatch(/\/proc\//)
  })

  it.each<[string, Contents, CapabilityName, RegExp]>([
    ['no times of cores', { '/proc/stat': 'cpu  1 2 3 4' }, 'core_times', /\/proc\/stat/],
    ['no threads’ times', { '/proc/self/task/77/schedstat': '0 0 0' }, 'thread_cpu', /SCHED_INFO/],
    [
      'no switches',
      { '/proc/self/status': 'voluntary_ctxt_switches:\t3' },
      'context_switches',
      /count switches/,
    ],
    ['no core', { '/proc/self/stat': '77 (node) S 1 2 3' }, 'last_core', /core a thread ran on/],
  ])('lacks one thing where the kernel shows %s', (_, own, name, why) => {
    expect(missing({ ...open, ...own })).toEqual([[name, expect.stringMatching(why)]])
  })

  it('lacks both kinds of memory where the kernel does not sum them up', () => {
    const { '/proc/self/smaps_rollup': _, ...rest } = open
    expect(missing(rest).map(([name]) => name)).toEqual(['proportional_memory', 'private_memory'])
    for (const text of ['Pss: 2 kB\nPrivate_Clean: 1 kB', 'Pss: 2 kB\nPrivate_Dirty: 1 kB']) {
      const half = missing({ ...open, '/proc/self/smaps_rollup': text })
      expect(half.map(([name]) => name)).toEqual(['private_memory'])
    }
  })

  it('lacks the tree where the kernel lists no children', () => {
    const { '/proc/self/task/77/children': _, ...rest } = open
    expect(missing(rest)).toEqual([['process_tree', expect.stringMatching(/PROC_CHILDREN/)]])
  })

  it('says so where a file cannot be read for another reason than that there is none', () => {
    const { '/proc/self/smaps_rollup': _, ...rest } = open
    const { why } = read({ ...rest, '/proc/self/smaps_rollup': null }).proportional_memory
    expect(why).toBe('/proc/self/smaps_rollup cannot be read (EISDIR)')
  })

  it('elsewhere is what Node and systeminformation give', () => {
    const capabilities = readCapabilities('/nowhere', 'darwin')
    const given = capabilityNames.filter((name) => capabilities[name].available)
    expect(given).toEqual(['core_times', 'process_tree'])
    expect(capabilities.last_core.why).toBe('only Linux shows it')
  })
})

describe('what a provider gives of it', () => {
  it('is all of it where the system’s own files are read', () => {
    const all = read(open)
    expect(givenBy('proc', all)).toEqual(all)
  })

  it('is core times and processes where systeminformation is asked, the rest with a reason', () => {
    const { '/proc/self/task/77/children': _, '/proc/self/stat': __, ...rest } = open
    const found = read(rest)
    const given = givenBy('systeminformation', found)
    const names = capabilityNames.filter((name) => given[name].available)
    expect(names).toEqual(['core_times', 'process_tree'])
    expect(given.thread_cpu.why).toBe('systeminformation does not read it')
    // What the kernel lacks is the better reason.
    expect(given.last_core).toEqual(found.last_core)
    expect(givenBy('systeminformation', read({})).core_times.available).toBe(false)
  })
})

describe('processes that /proc hides', () => {
  const mount = (options: string) => `22 27 0:21 / /proc rw,relatime - proc proc ${options}`
  const hidden = (mountinfo: string) =>
    hiddenProcesses(madeUpSystem({ '/proc/self/mountinfo': mountinfo }))

  it.each([
    ['rw', null],
    ['rw,hidepid=0', null],
    ['rw,hidepid=off', null],
    ['rw,gid=4,hidepid=2', 'hidepid=2'],
    ['rw,hidepid=invisible', 'hidepid=invisible'],
  ])('with the options %s: %s', (options, expected) =>
    expect(hidden(mount(options))).toBe(expected),
  )

  it('are those of the mount that is seen, the last one', () => {
    expect(hidden(`${mount('rw')}\n${mount('rw,hidepid=2')}`)).toBe('hidepid=2')
    expect(hidden(`${mount('rw,hidepid=2')}\n${mount('rw')}`)).toBeNull()
  })

  it('are none where the mounts cannot be read', () => {
    expect(hiddenProcesses(madeUpSystem({}))).toBeNull()
  })
})
