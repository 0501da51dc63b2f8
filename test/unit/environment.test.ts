import os from 'node:os'
import { describe, expect, it } from 'vitest'
import { readCounters } from '../../src/engine/sampling/environment/counters.ts'
import { busyFraction } from '../../src/engine/sampling/environment/load.ts'
import { readPowerSource } from '../../src/engine/sampling/environment/power.ts'
import { readProcessor } from '../../src/engine/sampling/environment/processor.ts'
import { systemFiles } from '../../src/engine/sampling/environment/system-files.ts'
import {
  containerOf,
  virtualMachineOf,
} from '../../src/engine/sampling/environment/virtualization.ts'
import { readEnvironment } from '../../src/engine/sampling/environment.ts'
import { keptEnvironment } from '../../src/shared/model/environment.ts'
import { madeUpSystem } from '../support/made-up-system.ts'

type Contents = Readonly<Record<string, string | null>>
const filesOf = (contents: Contents) => systemFiles(madeUpSystem(contents))

describe('the processor', () => {
  const policy = '/sys/devices/system/cpu/cpufreq/policy'
  const read = (contents: Contents, work = () => {}) => readProcessor(filesOf(contents), work)

  it('is told nothing of where the machine hides it, and no work is done for it', () => {
    const work = () => expect.fail('worked for nothing')
    const flags = '/proc/cpuinfo'
    const hidden = read({ [flags]: 'flags\t\t: fpu hypervisor\ncpu MHz\t\t: 2596.140' }, work)
    expect(new Set(Object.values(hidden))).toEqual(new Set([null]))
  })

  it('has the clock of its fastest core, its limits and its governor', () => {
    const reading = read({
      [`${policy}0/scaling_cur_freq`]: '1400000',
      [`${policy}0/cpuinfo_max_freq`]: '3000000',
      [`${policy}0/scaling_max_freq`]: '3000000',
      [`${policy}0/scaling_governor`]: 'powersave',
      [`${policy}10/scaling_cur_freq`]: '3900000',
      [`${policy}10/cpuinfo_max_freq`]: '4200000',
      [`${policy}10/scaling_max_freq`]: '2100000',
      [`${policy}10/scaling_governor`]: 'powersave',
    })
    expect(reading).toMatchObject({
      governor: 'powersave',
      frequencyGhz: 3.9,
      frequencyLimitGhz: 2.1,
      frequencyHighestGhz: 4.2,
    })
  })

  it('names every governor where cores differ', () => {
    const reading = read({
      [`${policy}0/scaling_governor`]: 'performance',
      [`${policy}1/scaling_governor`]: 'powersave',
      [`${policy}2/scaling_governor`]: 'performance',
    })
    expect(reading.governor).toBe('performance, powersave')
  })

  it('is made to work before its clock is read', () => {
    const root = madeUpSystem({ [`${policy}0/scaling_cur_freq`]: '800000' })
    const files = systemFiles(root)
    let isWarm = false
    const watched = {
      ...files,
      text: (path: string) =>
        path.endsWith('scaling_cur_freq') ? (isWarm ? '3000000' : '800000') : files.text(path),
      count: (path: string) =>
        path.endsWith('scaling_cur_freq') ? (isWarm ? 3_000_000 : 800_000) : files.count(path),
    }
    const { frequencyGhz } = readProcessor(watched, () => {
      isWarm = true
    })
    expect(frequencyGhz).toBe(3)
  })

  it('has a clock without a governor where it counts its own cycles', () => {
    const cpuinfo = 'flags\t\t: fpu aperfmperf\ncpu MHz\t\t: 1200.500\n\ncpu MHz\t\t: 3100.250'
    expect(read({ '/proc/cpuinfo': cpuinfo }).frequencyGhz).toBe(3.10025)
  })

  it('has the temperature of the whole, else of its hottest core, else of a zone; never of a disk', () => {
    const disk = {
      '/sys/class/hwmon/hwmon0/name': 'nvme',
      '/sys/class/hwmon/hwmon0/temp1_input': '91000',
    }
    const zone = {
      '/sys/class/thermal/thermal_zone0/type': 'acpitz',
      '/sys/class/thermal/thermal_zone0/temp': '99000',
      '/sys/class/thermal/thermal_zone1/type': 'x86_pkg_temp',
      '/sys/class/thermal/thermal_zone1/temp': '48000',
    }
    const core = {
      '/sys/class/hwmon/hwmon1/name': 'coretemp',
      '/sys/class/hwmon/hwmon1/temp2_label': 'Core 0',
      '/sys/class/hwmon/hwmon1/temp2_input': '71500',
    }
    const whole = {
      '/sys/class/hwmon/hwmon1/temp1_label': 'Package id 0',
      '/sys/class/hwmon/hwmon1/temp1_input': '65000',
    }
    const temperature = (contents: Contents) => read(contents).temperatureCelsius
    expect(temperature({ ...disk, ...zone, ...core, ...whole })).toBe(65)
    expect(temperature({ ...disk, ...zone, ...core })).toBe(71.5)
    expect(temperature({ ...disk, ...zone })).toBe(48)
    expect(temperature(disk)).toBeNull()
  })

  it.each(['0', '255000', '-5000', 'hot'])(
    'has no temperature where its sensor says %s',
    (text) => {
      const name = '/sys/class/hwmon/hwmon0/name'
      const sensor = { [name]: 'k10temp', '/sys/class/hwmon/hwmon0/temp1_input': text }
      expect(read(sensor).temperatureCelsius).toBeNull()
    },
  )

  it('counts a slow-down once for all that share a core or a package', () => {
    const cpu = (index: number, core: number, ofCore: number, ofPackage: number): Contents => ({
      [`/sys/devices/system/cpu/cpu${index}/topology/core_id`]: String(core),
      [`/sys/devices/system/cpu/cpu${index}/topology/physical_package_id`]: '0',
      [`/sys/devices/system/cpu/cpu${index}/thermal_throttle/core_throttle_count`]: String(ofCore),
      [`/sys/devices/system/cpu/cpu${index}/thermal_throttle/package_throttle_count`]:
        String(ofPackage),
    })
    const contents = {
      ...cpu(0, 0, 2, 5),
      ...cpu(1, 1, 4, 5),
      ...cpu(2, 0, 2, 5),
      ...cpu(3, 1, 4, 5),
    }
    expect(read(contents).thermalThrottleEvents).toBe(2 + 4 + 5)
    expect(read({ '/sys/devices/system/cpu/cpu0/online': '1' }).thermalThrottleEvents).toBeNull()
  })
})

describe('what the kernel counts', () => {
  it('is read in ms and pages, on a machine of any number of cores', () => {
    const cores = Array.from({ length: 1024 }, (_, core) => `cpu${core} 1 2 3 4 5 6 7 8 9 10`)
    const files = filesOf({
      '/proc/stat': ['cpu  10 20 30 40 50 60 70 8123 0 0', ...cores].join('\n'),
      '/proc/vmstat': 'pgpgin 9\npswpin 100\npswpout 23\npswpout_more 5',
      '/proc/pressure/memory': [
        'some avg10=0.00 avg60=0.00 avg300=0.00 total=4500',
        'full avg10=0.00 avg60=0.00 avg300=0.00 total=99',
      ].join('\n'),
    })
    expect(readCounters(files)).toEqual({
      stolenMs: 81_230,
      swappedPages: 123,
      memoryStalledMs: 4.5,
    })
  })

  it.each([
    ['hidden', {}],
    [
      'malformed',
      { '/proc/stat': 'cpu  a b', '/proc/vmstat': 'pswpin x', '/proc/pressure/memory': 'some' },
    ],
    ['half there', { '/proc/stat': 'cpu  1 2 3 4', '/proc/vmstat': 'pswpin 1' }],
  ])('is null where it is %s', (_, contents) => {
    const nothing = { stolenMs: null, swappedPages: null, memoryStalledMs: null }
    expect(readCounters(filesOf(contents))).toEqual(nothing)
  })
})

describe('the power source', () => {
  const supplies = '/sys/class/power_supply'
  const battery = (status: string) => ({
    [`${supplies}/BAT0/type`]: 'Battery',
    [`${supplies}/BAT0/status`]: status,
  })
  const mains = (online: string) => ({
    [`${supplies}/ADP1/type`]: 'Mains',
    [`${supplies}/ADP1/online`]: online,
  })
  const mouse = {
    [`${supplies}/hid/type`]: 'Battery',
    [`${supplies}/hid/scope`]: 'Device',
    [`${supplies}/hid/status`]: 'Discharging',
  }
  const empty = { [supplies]: null }

  it.each<[string, Contents, boolean, string | null]>([
    ['a laptop that is unplugged', { ...battery('Discharging'), ...mains('0') }, false, 'battery'],
    ['a laptop that is plugged in', { ...battery('Charging'), ...mains('1') }, false, 'mains'],
    ['one held at its level', { ...battery('Not charging') }, false, 'mains'],
    ['one too weakly fed', { ...battery('Discharging'), ...mains('1') }, false, 'mains'],
    ['a desktop with a mouse without a wire', mouse, false, 'mains'],
    ['a machine that lists no supply', empty, false, 'mains'],
    ['a virtual machine, which lists none', empty, true, null],
    ['a kernel that knows of none', {}, false, null],
  ])('of %s', (_, contents, isVirtual, source) => {
    expect(readPowerSource(filesOf(contents), isVirtual)).toBe(source)
  })
})

describe('the virtual machine', () => {
  const guest = { '/proc/cpuinfo': 'flags\t\t: fpu hypervisor lahf_lm' }
  const bare = { '/proc/cpuinfo': 'flags\t\t: fpu vmx lahf_lm' }
  const amazon = { '/sys/class/dmi/id/sys_vendor': 'Amazon EC2' }
  const clocks = '/sys/devices/system/clocksource/clocksource0/available_clocksource'

  it.each<[string, Contents, string | null, string | null]>([
    ['is named by its firmware', { ...guest, ...amazon }, 'KVM', 'Amazon EC2'],
    ['is none on a bare machine of the same maker', { ...bare, ...amazon }, 'KVM', 'none'],
    ['is named by its clock', { ...guest, [clocks]: 'tsc kvm-clock' }, null, 'KVM'],
    ['is named as it names itself', guest, 'VMware', 'VMware'],
    ['is said to be one where it has no name', guest, null, 'of unknown kind'],
    [
      'is known under Windows',
      { '/proc/sys/kernel/osrelease': '5.15-microsoft-WSL2' },
      null,
      'WSL',
    ],
    ['is not known where nothing tells', {}, 'KVM', null],
    [
      'is none where only the firmware tells',
      { '/sys/class/dmi/id/sys_vendor': 'LENOVO' },
      null,
      'none',
    ],
  ])('%s', (_, contents, named, expected) => {
    expect(virtualMachineOf(filesOf(contents), named)).toBe(expected)
  })
})

describe('the container', () => {
  const groups = '/proc/self/cgroup'
  it.each<[string, Contents, Record<string, string>, string | null]>([
    ['Docker', { '/.dockerenv': '' }, {}, 'Docker'],
    ['Podman', { '/run/.containerenv': '' }, { container: 'oci' }, 'Podman'],
    ['Kubernetes', { '/.dockerenv': '' }, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 'Kubernetes'],
    ['what says so itself', { [groups]: '0::/' }, { container: 'lxc' }, 'lxc'],
    ['one shown by its groups', { [groups]: '2:cpu:/docker/abc' }, {}, 'of unknown kind'],
    ['none', { [groups]: '0::/user.slice' }, {}, 'none'],
    ['nothing that can be known', {}, {}, null],
  ])('is %s', (_, contents, variables, expected) => {
    expect(containerOf(filesOf(contents), variables)).toBe(expected)
  })
})

describe('the load', () => {
  const core = (busy: number, idle: number) => ({
    times: { user: busy, nice: 0, sys: 0, irq: 0, idle },
  })

  it('is the busy part of the time that passed on all cores', () => {
    expect(busyFraction([core(100, 100), core(0, 0)], [core(160, 140), core(0, 100)])).toBe(0.3)
  })

  it('is not known where no time passed, no core is shown, or one has gone', () => {
    expect(busyFraction([core(1, 1)], [core(1, 1)])).toBeNull()
    expect(busyFraction([], [])).toBeNull()
    expect(busyFraction([core(1, 1), core(1, 1)], [core(50, 50)])).toBeNull()
  })

  it('stays within 0 and 1 where a core’s counters go back', () => {
    expect(busyFraction([core(10, 100)], [core(60, 90)])).toBe(1)
    expect(busyFraction([core(60, 10)], [core(50, 100)])).toBe(0)
  })
})

describe('the environment of this machine', () => {
  it('has every value, or null, and no other kind of nothing', async () => {
    const environment = await readEnvironment('0.0.0', 'made up')
    expect(environment).toMatchObject({
      logical_cores: os.cpus().length,
      memory_bytes: os.totalmem(),
      kernel: os.release(),
      corescope_version: '0.0.0',
      sampling_provider: 'made up',
      interpreter: expect.stringContaining(process.versions.v8),
    })
    for (const value of Object.values(environment)) {
      expect(['string', 'object', 'number']).toContain(typeof value)
      if (typeof value === 'object') expect(value).toBeNull()
      if (typeof value === 'number') expect(value).toBeGreaterThanOrEqual(0)
    }
    expect(Object.keys(keptEnvironment('{}')).filter((key) => !(key in environment))).toEqual([])
  })

  it('that was kept before a value was read has null for it', () => {
    const old = keptEnvironment('{"hostname":"old","load_before":0.5}')
    expect(old).toMatchObject({
      hostname: 'old',
      load_before: 0.5,
      stolen_ms: null,
      container: null,
    })
  })
})
