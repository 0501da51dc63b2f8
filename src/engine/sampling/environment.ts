import { execFile } from 'node:child_process'
import os from 'node:os'
import { promisify } from 'node:util'
import si from 'systeminformation'
import type { Environment } from '../../shared/model/environment.ts'
import { monotonicMs } from '../clock.ts'
import { type CgroupReading, readCgroup } from './environment/cgroup.ts'
import { type CounterReading, readCounters } from './environment/counters.ts'
import { measureLoad } from './environment/load.ts'
import { readPowerSource } from './environment/power.ts'
import { type ProcessorReading, readProcessor } from './environment/processor.ts'
import { type SystemFiles, systemFiles } from './environment/system-files.ts'
import { containerOf, virtualMachineOf } from './environment/virtualization.ts'
import { thisMachine } from './this-machine.ts'

export { changeWarnings, environmentWarnings } from './environment/warnings.ts'

/**
 * The machine and the software as they are now. Takes little more than to watch the load.
 * What cannot be read is null; it never rejects.
 *
 * @param loadWindowMs how long the load is watched
 */
export async function readEnvironment(
  corescopeVersion: string,
  samplingProvider: string,
  loadWindowMs = thisMachine.loadWindowMs,
): Promise<Environment> {
  // Measured first and alone: what follows starts processes and would be counted as load.
  const load = await measureLoad(loadWindowMs)
  description ??= describe()
  const { cpu, osInfo, system, hypervisor } = await description
  const changing =
    process.platform === 'linux'
      ? readLinux(systemFiles(), hypervisor)
      : await readElsewhere(cpu?.governor, system)
  const { cgroup, counters, processor, virtualMachine, container, powerSource } = changing
  return {
    // The two clocks one after the other, so that what lies between them does not look like a jump.
    taken_at: new Date().toISOString(),
    taken_monotonic_ms: monotonicMs(),
    hostname: os.hostname(),
    cpu_model: text(cpu && `${cpu.manufacturer} ${cpu.brand}`.trim()),
    physical_cores: positive(cpu?.physicalCores),
    // A `/proc` may hide the cores; those that may be used are known all the same.
    logical_cores: os.cpus().length || os.availableParallelism(),
    usable_cores: os.availableParallelism(),
    memory_bytes: os.totalmem(),
    memory_available_bytes: os.freemem(),
    cgroup_cpu: cgroup.cpuVersion,
    cgroup_memory: cgroup.memoryVersion,
    cgroup_cpu_limit_cores: cgroup.cpuLimitCores,
    cgroup_memory_limit_bytes: cgroup.memoryLimitBytes,
    os: text(osInfo && `${osInfo.distro} ${osInfo.release}`.trim()),
    kernel: os.release(),
    architecture: os.arch(),
    virtual_machine: virtualMachine,
    container,
    governor: processor.governor,
    frequency_ghz: processor.frequencyGhz,
    frequency_limit_ghz: processor.frequencyLimitGhz,
    frequency_highest_ghz: processor.frequencyHighestGhz,
    temperature_celsius: processor.temperatureCelsius,
    power_source: powerSource,
    load_before: load,
    cgroup_throttled_ms: cgroup.throttledMs,
    cgroup_throttled_periods: cgroup.throttledPeriods,
    thermal_throttle_events: processor.thermalThrottleEvents,
    stolen_ms: counters.stolenMs,
    swapped_pages: counters.swappedPages,
    memory_stalled_ms: counters.memoryStalledMs,
    corescope_version: corescopeVersion,
    node_version: process.versions.node,
    electron_version: process.versions.electron ?? null,
    // Hosts and workers are executed by the program that executes this.
    interpreter: `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    sampling_provider: samplingProvider,
  }
}

/** What may be another thing at the end of a run than at its start. */
interface Changing {
  readonly cgroup: CgroupReading
  readonly counters: CounterReading
  readonly processor: ProcessorReading
  readonly virtualMachine: string | null
  readonly container: string | null
  readonly powerSource: Environment['power_source']
}

/** What does not change while the app runs is asked for once: that starts processes. */
let description: ReturnType<typeof describe> | undefined

async function describe() {
  const isLinux = process.platform === 'linux'
  const [cpu, osInfo, system, hypervisor] = await Promise.all([
    settled(si.cpu()),
    settled(si.osInfo()),
    // On Linux it reads the kernel's log, which tells of hypervisors on bare machines too.
    isLinux ? null : settled(si.system()),
    isLinux ? hypervisorVendor() : null,
  ])
  return { cpu, osInfo, system, hypervisor }
}

/** How the hypervisor names itself to the processor, which a program can ask and Node cannot. */
async function hypervisorVendor(): Promise<string | null> {
  const environment = { ...process.env, LC_ALL: 'C' }
  const told = await settled(promisify(execFile)('lscpu', { env: environment, timeout: 2000 }))
  return text(/^Hypervisor vendor: *(.*)$/m.exec(told?.stdout ?? '')?.[1])
}

function readLinux(files: SystemFiles, hypervisor: string | null): Changing {
  const virtualMachine = virtualMachineOf(files, hypervisor)
  return {
    cgroup: readCgroup(files, os.totalmem()),
    counters: readCounters(files),
    processor: readProcessor(files, keepBusy),
    virtualMachine,
    container: containerOf(files, process.env),
    powerSource: readPowerSource(files, virtualMachine !== 'none'),
  }
}

/** Long enough for the kernel to have measured the clock of the core, which it does at its ticks. */
const busyMs = 20

function keepBusy(): void {
  const end = performance.now() + busyMs
  while (performance.now() < end);
}

async function readElsewhere(
  governor: string | undefined,
  system: si.Systeminformation.SystemData | null,
): Promise<Changing> {
  const [speed, temperature, battery] = await Promise.all([
    settled(si.cpuCurrentSpeed()),
    settled(si.cpuTemperature()),
    settled(si.battery()),
  ])
  const isOnBattery = battery?.hasBattery === true && !battery.acConnected
  return {
    cgroup: {
      cpuVersion: null,
      cpuLimitCores: null,
      memoryVersion: null,
      memoryLimitBytes: null,
      throttledMs: null,
      throttledPeriods: null,
    },
    counters: { stolenMs: null, swappedPages: null, memoryStalledMs: null },
    processor: {
      governor: text(governor),
      frequencyGhz: positive(speed?.avg),
      frequencyLimitGhz: null,
      frequencyHighestGhz: null,
      temperatureCelsius: positive(temperature?.main),
      thermalThrottleEvents: null,
    },
    virtualMachine:
      system === null
        ? null
        : system.virtual
          ? (text(system.virtualHost) ?? 'of unknown kind')
          : 'none',
    container: null,
    powerSource: battery === null ? null : isOnBattery ? 'battery' : 'mains',
  }
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
