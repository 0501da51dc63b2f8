import type { SystemFiles } from './system-files.ts'

export interface ProcessorReading {
  readonly governor: string | null
  readonly frequencyGhz: number | null
  readonly frequencyLimitGhz: number | null
  readonly frequencyHighestGhz: number | null
  readonly temperatureCelsius: number | null
  readonly thermalThrottleEvents: number | null
}

/**
 * Clock, heat and how the clock is governed, on Linux
 * (https://docs.kernel.org/admin-guide/pm/cpufreq.html, hwmon/sysfs-interface.html).
 *
 * @param work keeps this core busy for a moment, so that a core's clock is not that of an idle one;
 *   not called where nothing would be measured
 */
export function readProcessor(files: SystemFiles, work: () => void): ProcessorReading {
  const policies = files.list('/sys/devices/system/cpu/cpufreq', /^policy\d+$/)
  const governors = policies.flatMap((policy) => files.text(`${policy}/scaling_governor`) || [])
  const fastest = policies
    .map((policy) => ({
      highest: files.count(`${policy}/cpuinfo_max_freq`),
      limit: files.count(`${policy}/scaling_max_freq`),
    }))
    .reduce((a, b) => ((b.highest ?? 0) > (a.highest ?? 0) ? b : a), { highest: null, limit: null })
  return {
    governor: governors.length === 0 ? null : [...new Set(governors)].join(', '),
    frequencyGhz: frequencyOf(files, policies, work),
    frequencyLimitGhz: gigahertz(fastest.limit),
    frequencyHighestGhz: gigahertz(fastest.highest),
    temperatureCelsius: temperatureOf(files),
    thermalThrottleEvents: throttleEvents(files),
  }
}

function frequencyOf(files: SystemFiles, policies: readonly string[], work: () => void) {
  const path = (policy: string) => `${policy}/scaling_cur_freq`
  if (policies.some((policy) => files.count(path(policy)) !== null)) {
    work()
    return gigahertz(Math.max(...policies.map((policy) => files.count(path(policy)) ?? 0)))
  }
  // Without counters of its own a processor shows what it was sold with, not how fast it is.
  if (!/^flags\s*:.* aperfmperf( |$)/m.test(files.text('/proc/cpuinfo') ?? '')) return null
  work()
  const found = (files.text('/proc/cpuinfo') ?? '').matchAll(/^cpu MHz\s*: (\d+\.?\d*)$/gm)
  return gigahertz(Math.max(0, ...[...found].map(([, megahertz]) => Number(megahertz) * 1000)))
}

function gigahertz(kilohertz: number | null): number | null {
  return kilohertz === null || kilohertz === 0 ? null : kilohertz / 1e6
}

const processorSensors = /^(coretemp|k10temp|k8temp|zenpower|via_cputemp|(cpu|soc)[_-]thermal.*)$/
const wholeProcessor = /^(package|physical|tdie|tctl)/i

/** Of the hottest processor; of its hottest core where it has no figure for the whole. */
function temperatureOf(files: SystemFiles): number | null {
  const whole: number[] = []
  const parts: number[] = []
  for (const chip of files.list('/sys/class/hwmon', /^hwmon\d+$/)) {
    if (!processorSensors.test(files.text(`${chip}/name`) ?? '')) continue
    for (const input of files.list(chip, /^temp\d+_input$/)) {
      const label = files.text(input.replace(/_input$/, '_label')) ?? ''
      const degrees = celsius(files.count(input))
      if (degrees !== null) (wholeProcessor.test(label) ? whole : parts).push(degrees)
    }
  }
  if (whole.length + parts.length === 0) {
    for (const zone of files.list('/sys/class/thermal', /^thermal_zone\d+$/)) {
      const degrees = celsius(files.count(`${zone}/temp`))
      const isProcessor = /x86_pkg_temp|cpu|soc/i.test(files.text(`${zone}/type`) ?? '')
      if (isProcessor && degrees !== null) parts.push(degrees)
    }
  }
  const found = whole.length > 0 ? whole : parts
  return found.length === 0 ? null : Math.max(...found)
}

/** A sensor that is off shows 0, or more than any processor bears. */
function celsius(thousandths: number | null): number | null {
  if (thousandths === null || thousandths === 0 || thousandths > 150_000) return null
  return thousandths / 1000
}

/** Logical cores of one core, and cores of one package, count the same event each: taken once. */
function throttleEvents(files: SystemFiles): number | null {
  const events = new Map<string, number>()
  for (const core of files.list('/sys/devices/system/cpu', /^cpu\d+$/)) {
    const ofCore = files.count(`${core}/thermal_throttle/core_throttle_count`)
    const ofPackage = files.count(`${core}/thermal_throttle/package_throttle_count`)
    if (ofCore === null && ofPackage === null) continue
    const packageId = files.text(`${core}/topology/physical_package_id`) ?? '0'
    const coreId = files.text(`${core}/topology/core_id`) ?? core
    const keep = (key: string, count: number | null) => {
      if (count !== null) events.set(key, Math.max(count, events.get(key) ?? 0))
    }
    keep(`${packageId}/${coreId}`, ofCore)
    keep(packageId, ofPackage)
  }
  return events.size === 0 ? null : [...events.values()].reduce((sum, count) => sum + count)
}
