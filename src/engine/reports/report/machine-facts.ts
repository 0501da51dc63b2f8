import { formatBytes, formatNumber, formatPercent } from '../../../shared/format.ts'
import type { Environment } from '../../../shared/model/environment.ts'
import type { Fact } from './document.ts'

/** The machine and the software a run was executed by; what the platform does not tell is left out. */
export function machineFacts(environment: Environment): Fact[] {
  const {
    physical_cores: physical,
    cgroup_cpu_limit_cores: quota,
    cgroup_memory_limit_bytes: limit,
    load_before: load,
    frequency_ghz: clock,
    temperature_celsius: temperature,
  } = environment
  const facts: readonly (readonly [name: string, value: string | null])[] = [
    ['name', environment.hostname],
    ['processor', environment.cpu_model],
    [
      'cores',
      `${physical === null ? '' : `${physical} physical, `}${environment.logical_cores} logical, ${environment.usable_cores} usable`,
    ],
    ['CPU quota', quota === null ? null : `${formatNumber(quota)} cores`],
    [
      'memory',
      `${formatBytes(environment.memory_bytes)}, ${formatBytes(environment.memory_available_bytes)} of it available`,
    ],
    ['memory limit', limit === null ? null : formatBytes(limit)],
    ['system', environment.os],
    ['kernel', `${environment.kernel}, ${environment.architecture}`],
    ['virtual machine', environment.virtual_machine],
    ['container', environment.container],
    ['clock governor', environment.governor],
    ['clock before the run', clock === null ? null : `${formatNumber(clock)} GHz`],
    ['temperature before the run', temperature === null ? null : `${temperature} °C`],
    ['power source', environment.power_source],
    ['load before the run', load === null ? null : `${formatPercent(load)} of the cores`],
    ['Corescope', environment.corescope_version],
    ['Node', environment.node_version],
    ['Electron', environment.electron_version],
    ['trials were run by', environment.interpreter],
    ['sampled by', environment.sampling_provider],
  ]
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
}
