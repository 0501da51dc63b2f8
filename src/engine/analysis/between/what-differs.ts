import { formatBytes, formatNumber } from '../../../shared/format.ts'
import type { Environment } from '../../../shared/model/environment.ts'
import { interpreterName } from '../../../shared/model/interpreter.ts'
import type { Plan } from '../../../shared/model/plan.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import type { WhatDiffers } from '../../../shared/model/run-comparison.ts'
import type { SavedSide } from './sides.ts'

type Value = string | number | null | undefined
type Field<T> = readonly [name: string, of: (from: T) => Value]

const ofConfiguration: readonly Field<Configuration>[] = [
  ['workload', ({ workload }) => workload],
  ['content of the module', ({ content }) => content],
  ['runtime', ({ runtime }) => runtime],
  ['Python', ({ interpreter }) => interpreter && interpreterName(interpreter)],
  ['model', ({ model }) => model],
  ['workers', ({ workers }) => workers],
  ['scheduling', ({ scheduling }) => scheduling],
  ['variant', ({ variant }) => variant],
]

const ofPlan: readonly Field<Plan>[] = [
  [
    'amount of work',
    ({ tasks, duration_s }) => (tasks === null ? `${duration_s} s` : `${tasks} tasks`),
  ],
  [
    'repetitions',
    ({ repeat, max_repeat }) => (repeat === 'auto' ? `auto, at most ${max_repeat}` : repeat),
  ],
  ['warm-up trials', ({ warmup }) => warmup],
  ['scaling', ({ scaling }) => scaling],
  ['experiment', ({ experiment }) => experiment ?? 'none'],
  ['sampling interval', ({ interval_ms }) => `${interval_ms} ms`],
  ['sampler asked for', ({ sampler }) => sampler],
  ['time limit', ({ timeout_s }) => `${timeout_s} s`],
  [
    'memory limit',
    ({ memory_mib }) => (memory_mib === null ? 'what can be had' : `${memory_mib} MiB`),
  ],
  ['seed', ({ seed }) => seed],
]

/** What stays as it is while a run goes on; what the machine was doing is told by warnings. */
const ofEnvironment: readonly Field<Environment>[] = [
  ['machine', ({ hostname }) => hostname],
  ['processor', ({ cpu_model }) => cpu_model],
  ['physical cores', ({ physical_cores }) => physical_cores],
  ['logical cores', ({ logical_cores }) => logical_cores],
  ['usable cores', ({ usable_cores }) => usable_cores],
  ['memory', ({ memory_bytes }) => formatBytes(memory_bytes)],
  [
    'CPU limit of the cgroup',
    (machine) => limit(machine.cgroup_cpu_limit_cores, (cores) => `${formatNumber(cores)} cores`),
  ],
  [
    'memory limit of the cgroup',
    (machine) => limit(machine.cgroup_memory_limit_bytes, formatBytes),
  ],
  ['system', ({ os }) => os],
  ['kernel', ({ kernel }) => kernel],
  ['architecture', ({ architecture }) => architecture],
  ['virtual machine', ({ virtual_machine }) => virtual_machine],
  ['container', ({ container }) => container],
  ['governor', ({ governor }) => governor],
  [
    'highest clock',
    ({ frequency_limit_ghz }) => frequency_limit_ghz && `${frequency_limit_ghz.toFixed(1)} GHz`,
  ],
  ['power', ({ power_source }) => power_source],
  ['Corescope', ({ corescope_version }) => corescope_version],
  ['Node', ({ node_version }) => node_version],
  ['Electron', ({ electron_version }) => electron_version ?? 'none'],
  ['interpreter', ({ interpreter }) => interpreter],
  ['sampling provider', ({ sampling_provider }) => sampling_provider],
]

/** What is not the same on all sides: of the configurations, of the plans, of machine and software. */
export function whatDiffers(sides: readonly SavedSide[]): WhatDiffers[] {
  const parameters = [
    ...new Set(sides.flatMap((side) => Object.keys(side.configuration.parameters))),
  ]
  const ofParameters = parameters.map((name): Field<Configuration> => {
    return [`parameter ${name}`, (configuration) => configuration.parameters[name]]
  })
  return [
    ...differing(
      'configuration',
      [...ofConfiguration, ...ofParameters],
      sides.map((side) => side.configuration),
    ),
    ...differing(
      'plan',
      ofPlan,
      sides.map(({ run }) => run.plan),
    ),
    ...differing(
      'environment',
      ofEnvironment,
      sides.map(({ run }) => run.environment),
    ),
  ]
}

function differing<T>(
  about: WhatDiffers['about'],
  fields: readonly Field<T>[],
  from: readonly (T | null)[],
): WhatDiffers[] {
  return fields.flatMap(([name, of]) => {
    const values = from.map((each) => {
      const value = each === null ? null : of(each)
      return value === null || value === undefined ? null : String(value)
    })
    return new Set(values).size > 1 ? [{ about, name, values }] : []
  })
}

function limit(value: number | null, format: (value: number) => string): string {
  return value === null ? 'none' : format(value)
}
