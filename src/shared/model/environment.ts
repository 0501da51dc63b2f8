/** The machine and the software a run was executed by. Null where the platform does not tell. */
export interface Environment {
  readonly taken_at: string
  readonly hostname: string
  readonly cpu_model: string | null
  readonly physical_cores: number | null
  readonly logical_cores: number
  /** Logical cores that this process may use (its affinity mask and cgroup considered). */
  readonly usable_cores: number
  readonly memory_bytes: number
  readonly memory_available_bytes: number
  /** CPU time a cgroup grants, in cores; null where it grants without limit. */
  readonly cgroup_cpu_limit_cores: number | null
  readonly cgroup_memory_limit_bytes: number | null
  readonly os: string | null
  readonly kernel: string
  readonly architecture: string
  readonly virtual_machine: string | null
  readonly governor: string | null
  readonly frequency_ghz: number | null
  readonly temperature_celsius: number | null
  readonly power_source: 'mains' | 'battery' | null
  /** Busy fraction of the whole machine before the start, 0–1. */
  readonly load_before: number
  readonly corescope_version: string
  readonly node_version: string
  readonly electron_version: string | null
  readonly sampling_provider: string
}

export type WarningCode =
  | 'busy-machine'
  | 'slow-governor'
  | 'more-workers-than-cores'
  | 'cgroup-quota'
  | 'battery'
  | 'spread'
  | 'precision'
  | 'short-window'
  | 'disturbed'
  | 'sampler-lost'

/** Something that makes the figures of a run less sure. A run is marked with it, never refused. */
export interface Warning {
  readonly code: WarningCode
  readonly message: string
}
