import { readFile } from 'node:fs/promises'
import os from 'node:os'
import { setTimeout } from 'node:timers/promises'
import si from 'systeminformation'
import type { Environment, Warning } from '../../shared/model/environment.ts'

/** How long the machine is watched for its load before a run. */
const loadWindowMs = 300

/** How much of the machine's description is read: the rest does not change while a run lasts. */
export async function readEnvironment(
  corescopeVersion: string,
  samplingProvider: string,
): Promise<Environment> {
  // Measured first and alone: what follows starts processes and would be counted as load.
  const load = await measureLoad()
  const [cpu, speed, temperature, battery, osInfo, system, cgroup] = await Promise.all([
    settled(si.cpu()),
    settled(si.cpuCurrentSpeed()),
    settled(si.cpuTemperature()),
    settled(si.battery()),
    settled(si.osInfo()),
    settled(si.system()),
    readCgroupLimits(),
  ])
  return {
    taken_at: new Date().toISOString(),
    hostname: os.hostname(),
    cpu_model: text(cpu && `${cpu.manufacturer} ${cpu.brand}`.trim()),
    physical_cores: positive(cpu?.physicalCores),
    logical_cores: os.cpus().length,
    usable_cores: os.availableParallelism(),
    memory_bytes: os.totalmem(),
    memory_available_bytes: os.freemem(),
    cgroup_cpu_limit_cores: cgroup.cpuCores,
    cgroup_memory_limit_bytes: cgroup.memoryBytes,
    os: text(osInfo && `${osInfo.distro} ${osInfo.release}`.trim()),
    kernel: os.release(),
    architecture: os.arch(),
    virtual_machine:
      system === null ? null : system.virtual ? (text(system.virtualHost) ?? 'yes') : 'none',
    governor: text(cpu?.governor),
    frequency_ghz: positive(speed?.avg),
    temperature_celsius: positive(temperature?.main),
    power_source:
      battery === null ? null : battery.hasBattery && !battery.acConnected ? 'battery' : 'mains',
    load_before: load,
    corescope_version: corescopeVersion,
    node_version: process.versions.node,
    electron_version: process.versions.electron ?? null,
    sampling_provider: samplingProvider,
  }
}

const busyThreshold = 0.1
const fastGovernors = ['performance', 'schedutil']

/**
 * What makes figures of this machine less sure, before anything has run.
 *
 * @param mostWorkers largest number of workers that will run at once; 0 where no run is meant
 */
export function environmentWarnings(environment: Environment, mostWorkers: number): Warning[] {
  const { load_before, governor, usable_cores, cgroup_cpu_limit_cores, power_source } = environment
  const warnings: Warning[] = []
  if (load_before > busyThreshold) {
    const percent = Math.round(load_before * 100)
    warnings.push({
      code: 'busy-machine',
      message: `${percent} % of the cores were busy before the start; close what is not needed`,
    })
  }
  if (governor !== null && !fastGovernors.includes(governor)) {
    warnings.push({
      code: 'slow-governor',
      message: `the CPU governor is "${governor}"; "performance" keeps the clock steady`,
    })
  }
  if (mostWorkers > usable_cores) {
    warnings.push({
      code: 'more-workers-than-cores',
      message: `${mostWorkers} workers share ${usable_cores} usable cores`,
    })
  }
  if (cgroup_cpu_limit_cores !== null && cgroup_cpu_limit_cores < environment.logical_cores) {
    warnings.push({
      code: 'cgroup-quota',
      message: `a cgroup grants ${cgroup_cpu_limit_cores} of ${environment.logical_cores} cores; work is throttled beyond`,
    })
  }
  if (power_source === 'battery') {
    warnings.push({
      code: 'battery',
      message: 'the machine runs on its battery; connect it to the mains',
    })
  }
  return warnings
}

/** Busy fraction of the machine over a short while, 0–1. */
async function measureLoad(): Promise<number> {
  const read = () => {
    let busy = 0
    let total = 0
    for (const { times } of os.cpus()) {
      const used = times.user + times.nice + times.sys + times.irq
      busy += used
      total += used + times.idle
    }
    return { busy, total }
  }
  const before = read()
  await setTimeout(loadWindowMs)
  const after = read()
  const total = after.total - before.total
  return total > 0 ? Math.min(1, Math.max(0, (after.busy - before.busy) / total)) : 0
}

interface CgroupLimits {
  readonly cpuCores: number | null
  readonly memoryBytes: number | null
}

/**
 * Limits of the cgroup this process is in (version 2, and version 1 at its usual place). A group is
 * bound by its ancestors as well, so that the tightest of all counts.
 */
async function readCgroupLimits(): Promise<CgroupLimits> {
  const none: CgroupLimits = { cpuCores: null, memoryBytes: null }
  if (process.platform !== 'linux') return none
  const membership = await contentOf('/proc/self/cgroup')
  const unified = /^0::(\/.*)$/m.exec(membership)?.[1]
  const folders = ['/sys/fs/cgroup']
  for (const part of (unified ?? '').split('/').filter((name) => name !== '')) {
    folders.push(`${folders.at(-1)}/${part}`)
  }
  let cpuCores = Number.POSITIVE_INFINITY
  let memoryBytes = Number.POSITIVE_INFINITY
  for (const folder of folders) {
    const [quota = 'max', period = '100000'] = (await contentOf(`${folder}/cpu.max`)).split(/\s+/)
    if (/^\d+$/.test(quota)) cpuCores = Math.min(cpuCores, Number(quota) / Number(period))
    const most = (await contentOf(`${folder}/memory.max`)).trim()
    if (/^\d+$/.test(most)) memoryBytes = Math.min(memoryBytes, Number(most))
  }
  const quota = Number(await contentOf('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'))
  const period = Number(await contentOf('/sys/fs/cgroup/cpu/cpu.cfs_period_us'))
  if (quota > 0 && period > 0) cpuCores = Math.min(cpuCores, quota / period)
  const most = Number(await contentOf('/sys/fs/cgroup/memory/memory.limit_in_bytes'))
  if (most > 0) memoryBytes = Math.min(memoryBytes, most)
  return {
    cpuCores: Number.isFinite(cpuCores) ? cpuCores : null,
    // Version 1 writes "no limit" as a number larger than any memory.
    memoryBytes: memoryBytes < os.totalmem() ? memoryBytes : null,
  }
}

async function contentOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

async function settled<T>(promise: Promise<T>): Promise<T | null> {
  return promise.catch(() => null)
}

function text(value: string | null | undefined): string | null {
  return value === null || value === undefined || value.trim() === '' ? null : value
}

function positive(value: number | null | undefined): number | null {
  return typeof value === 'number' && value > 0 ? value : null
}
