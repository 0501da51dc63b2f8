import type { MachineState } from '../../engine/lab.ts'
import { formatBytes, formatMs, formatNumber, formatText } from '../../shared/format.ts'
import {
  type Capability,
  type CapabilityName,
  type CgroupVersion,
  capabilityNames,
  type Environment,
} from '../../shared/model/environment.ts'
import type { LibraryState } from '../../shared/model/library.ts'
import type { IntegrityLook } from '../../shared/model/repair.ts'

/** What a line says of what a platform does not tell. */
const hidden = 'not available here'

const nameWidth = 28

export interface UnusableDatabase {
  readonly path: string
  readonly error: string
}

/** A database that can be used, and what a look at it has found. */
export type SeenDatabase = LibraryState & { readonly integrity: IntegrityLook }

type Line = readonly [name: string, value: string]

/**
 * The machine on a page: under short headings what it is, what bounds it, what runs on it, what can be
 * sampled, where runs are kept; at the end what makes its figures less sure and what to do about it.
 *
 * @param database with the reason where it cannot be used
 * @param width columns of the terminal; lines are broken at them
 * @param python the one that is used where nothing is said, or why there is none
 */
export function doctorReport(
  { environment, warnings, sampling }: MachineState,
  database: SeenDatabase | UnusableDatabase,
  width: number,
  python: string,
): string {
  const block = (title: string, lines: readonly Line[]) => [
    title,
    ...lines.flatMap(([name, value]) => beside(`  ${name}`.padEnd(nameWidth), value, width)),
    '',
  ]
  const capabilities = capabilityNames.map(
    (name): Line => [capabilityTitles[name], shownCapability(sampling.capabilities[name])],
  )
  const warned =
    warnings.length === 0
      ? ['  none: nothing here makes measuring less sure']
      : warnings.flatMap(({ message }) => beside('  ! ', message, width))
  return [
    ...block('Machine', machineLines(environment)),
    ...block('Limits', limitLines(environment)),
    ...block('Counted so far', counterLines(environment)),
    ...block('Software', [...softwareLines(environment), ['Python', python]]),
    ...block('Sampling', [
      ['provider', providerTitle(sampling.provider)],
      ...capabilities,
      [
        'other users’ processes',
        sampling.hidepid === null
          ? 'not hidden; not needed either'
          : `hidden (${sampling.hidepid}); not needed: a trial’s processes are your own`,
      ],
    ]),
    ...block('Database', databaseLines(database)),
    'Warnings',
    ...warned,
    '',
  ].join('\n')
}

function machineLines(environment: Environment): Line[] {
  const { physical_cores: physical, power_source: power, load_before: load } = environment
  return [
    ['name', formatText(environment.hostname)],
    ['processor', environment.cpu_model ?? hidden],
    [
      'cores',
      `${physical === null ? '' : `${physical} physical, `}${environment.logical_cores} logical, ${environment.usable_cores} usable`,
    ],
    [
      'memory',
      `${formatBytes(environment.memory_bytes)}, ${formatBytes(environment.memory_available_bytes)} of it available`,
    ],
    ['virtual machine', environment.virtual_machine ?? hidden],
    ['container', environment.container ?? hidden],
    ['power source', power ?? hidden],
    ['clock', shownClock(environment)],
    ['temperature', shown(environment.temperature_celsius, (degrees) => `${degrees} °C`)],
    ['load', shown(load, (share) => `${Math.round(share * 100)} % of the cores just now`)],
  ]
}

function shownClock({ frequency_ghz: now, frequency_limit_ghz: limit }: Environment): string {
  const most = limit === null ? '' : `, ${formatNumber(limit)} GHz at most`
  return shown(now, (gigahertz) => `${formatNumber(gigahertz)} GHz${most}`)
}

function limitLines(environment: Environment): Line[] {
  const { cgroup_cpu: cpu, cgroup_memory: memory } = environment
  return [
    ['CPU quota', shownLimit(cpu, environment.cgroup_cpu_limit_cores, shownCores)],
    ['memory limit', shownLimit(memory, environment.cgroup_memory_limit_bytes, formatBytes)],
    ['clock governor', environment.governor ?? hidden],
    [
      'highest clock',
      shown(environment.frequency_highest_ghz, (ghz) => `${formatNumber(ghz)} GHz`),
    ],
  ]
}

function shownCores(cores: number): string {
  return `${formatNumber(cores)} ${cores === 1 ? 'core' : 'cores'}`
}

/** Without a limit is a machine only where one could have been read. */
function shownLimit(
  version: CgroupVersion | null,
  limit: number | null,
  format: (limit: number) => string,
): string {
  if (version === null) return hidden
  return `${limit === null ? 'no limit' : format(limit)} (cgroup ${version})`
}

function counterLines(environment: Environment): Line[] {
  const { cgroup_throttled_periods: periods } = environment
  const often = periods === null ? '' : ` in ${whole(periods)} periods`
  return [
    ['held back by quota', shown(environment.cgroup_throttled_ms, (ms) => formatMs(ms) + often)],
    ['slowed down by heat', shown(environment.thermal_throttle_events, (n) => `${whole(n)} times`)],
    [
      'time given to others',
      shown(environment.stolen_ms, (ms) => `${formatMs(ms)} by the hypervisor`),
    ],
    ['swapped', shown(environment.swapped_pages, (pages) => `${whole(pages)} pages`)],
    ['waited for memory', shown(environment.memory_stalled_ms, formatMs)],
  ]
}

function softwareLines(environment: Environment): Line[] {
  return [
    ['system', environment.os ?? hidden],
    ['kernel', `${environment.kernel}, ${environment.architecture}`],
    ['Corescope', environment.corescope_version],
    ['Node', environment.node_version],
    ['Electron', environment.electron_version ?? 'not in use'],
    ['trials are run by', environment.interpreter ?? hidden],
  ]
}

const capabilityTitles: Readonly<Record<CapabilityName, string>> = {
  core_times: 'busy time of cores',
  process_tree: 'processes of a trial',
  proportional_memory: 'proportional memory, PSS',
  private_memory: 'private memory, USS',
  thread_cpu: 'CPU time of threads',
  context_switches: 'context switches',
  last_core: 'core a thread is on',
}

function shownCapability({ why }: Capability): string {
  return why === null ? 'available' : `not available: ${why}`
}

function providerTitle(provider: string): string {
  if (provider === 'proc') return 'proc: reads /proc itself'
  if (provider !== 'systeminformation') return provider
  return 'systeminformation: what Node and the system’s own programs tell'
}

function databaseLines(database: SeenDatabase | UnusableDatabase): Line[] {
  if ('error' in database) return [['cannot be used', database.error]]
  const { path, size_bytes: size, runs, read_only: isReadOnly } = database
  const kept = `${whole(runs)} ${runs === 1 ? 'run' : 'runs'}`
  return [
    ['file', path],
    ['holds', size === null ? 'nothing: not made yet' : `${kept} in ${formatBytes(size)}`],
    ...(isReadOnly ? ([['access', 'read-only']] as const) : []),
    ...integrityLines(database.integrity),
  ]
}

function integrityLines({ looked_at: lookedAt, problem }: IntegrityLook): Line[] {
  if (lookedAt === 'nothing') return []
  if (problem !== null) {
    return [['integrity', `damaged (${problem}); save what can be read with doctor --repair`]]
  }
  return [
    [
      'integrity',
      lookedAt === 'whole'
        ? 'every page is sound; doctor --repair checks indexes and references too'
        : 'the tables of the runs are sound; the file is big: doctor --repair checks all of it',
    ],
  ]
}

function shown(value: number | null, format: (value: number) => string): string {
  return value === null ? hidden : format(value)
}

function whole(count: number): string {
  return count.toLocaleString('en-US')
}

/**
 * A text beside a head, going on below itself where it is too long. Broken at blanks: a word wider than
 * all is left whole, so that a path can be copied.
 */
function beside(head: string, text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && head.length + longer.length > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  const indent = ' '.repeat(head.length)
  return [...lines, line].map((each, at) => (at === 0 ? head : indent) + each)
}
