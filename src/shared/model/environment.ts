/**
 * The machine and the software a run was executed by. Null where the platform does not tell. Counters
 * run on from the machine's start, so that only the difference of two of them says something.
 */
export interface Environment {
  readonly taken_at: string
  /** The same moment on the monotonic clock; what passed between two of them is their difference. */
  readonly taken_monotonic_ms: number | null
  readonly hostname: string
  readonly cpu_model: string | null
  readonly physical_cores: number | null
  readonly logical_cores: number
  /** Logical cores that this process may use (its affinity mask and cgroup considered). */
  readonly usable_cores: number
  readonly memory_bytes: number
  readonly memory_available_bytes: number
  /** In which version of cgroups a CPU limit was looked for; null where none could be read. */
  readonly cgroup_cpu: CgroupVersion | null
  readonly cgroup_memory: CgroupVersion | null
  /** CPU time a cgroup grants, in cores; null where it grants without limit, or is not known. */
  readonly cgroup_cpu_limit_cores: number | null
  readonly cgroup_memory_limit_bytes: number | null
  readonly os: string | null
  readonly kernel: string
  readonly architecture: string
  /** The hypervisor's name, or `none`. */
  readonly virtual_machine: string | null
  /** What kind of container, or `none`. */
  readonly container: string | null
  /** Of the cores; more than one joined by commas where they differ. */
  readonly governor: string | null
  /** Of the fastest core, after a moment of work where the system measures it. */
  readonly frequency_ghz: number | null
  /** What the fastest core may rise to as the system is set, and what it could. */
  readonly frequency_limit_ghz: number | null
  readonly frequency_highest_ghz: number | null
  readonly temperature_celsius: number | null
  readonly power_source: 'mains' | 'battery' | null
  /** Busy fraction of the whole machine just before this was read, 0–1. */
  readonly load_before: number | null
  /** Counter: time for which a cgroup's CPU quota held its work back, added up over cores and groups. */
  readonly cgroup_throttled_ms: number | null
  /** Counter: periods in which that happened. */
  readonly cgroup_throttled_periods: number | null
  /** Counter: times a core or a processor slowed itself down because it was hot. */
  readonly thermal_throttle_events: number | null
  /** Counter: time of the cores that the hypervisor gave to others, added up over the cores. */
  readonly stolen_ms: number | null
  /** Counter: pages of memory moved to the swap space and back. */
  readonly swapped_pages: number | null
  /** Counter: time in which some program waited for memory. */
  readonly memory_stalled_ms: number | null
  readonly corescope_version: string
  readonly node_version: string
  readonly electron_version: string | null
  /** What executes the work of the trials. */
  readonly interpreter: string | null
  readonly sampling_provider: string
}

export type CgroupVersion = 'v1' | 'v2'

/** What environments that were kept before these were read do not have. */
const keptLater = {
  taken_monotonic_ms: null,
  cgroup_cpu: null,
  cgroup_memory: null,
  container: null,
  frequency_limit_ghz: null,
  frequency_highest_ghz: null,
  cgroup_throttled_ms: null,
  cgroup_throttled_periods: null,
  thermal_throttle_events: null,
  stolen_ms: null,
  swapped_pages: null,
  memory_stalled_ms: null,
  interpreter: null,
} satisfies Partial<Environment>

/** An environment as it was kept, by this version or one before. */
export function keptEnvironment(document: string): Environment {
  return { ...keptLater, ...(JSON.parse(document) as Omit<Environment, keyof typeof keptLater>) }
}

export type WarningCode =
  | 'busy-machine'
  | 'slow-governor'
  | 'capped-clock'
  | 'more-workers-than-cores'
  | 'cgroup-quota'
  | 'battery'
  | 'cgroup-throttled'
  | 'thermal-throttled'
  | 'slower-clock'
  | 'stolen-time'
  | 'memory-pressure'
  | 'clock-jump'
  | 'spread'
  | 'precision'
  | 'short-window'
  | 'disturbed'
  | 'sampler-lost'
  | 'kernel-missing'
  | 'module-changed'
  | 'salvaged'

/** Something that makes the figures of a run less sure. A run is marked with it, never refused. */
export interface Warning {
  readonly code: WarningCode
  readonly message: string
}

/** What a sampler may be able to read on a machine. */
export const capabilityNames = [
  'core_times',
  'process_tree',
  'proportional_memory',
  'private_memory',
  'thread_cpu',
  'context_switches',
  'last_core',
] as const
export type CapabilityName = (typeof capabilityNames)[number]

export interface Capability {
  readonly available: boolean
  /** Why not; null where it is. */
  readonly why: string | null
}

export type Capabilities = Readonly<Record<CapabilityName, Capability>>

/** What samples are read with on this machine, and what that can give. */
export interface SamplingState {
  readonly provider: string
  readonly capabilities: Capabilities
  /** The option under which `/proc` hides other users' processes; null where it hides none. */
  readonly hidepid: string | null
}
