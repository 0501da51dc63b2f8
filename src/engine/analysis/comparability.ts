import type { Environment } from '../../shared/model/environment.ts'
import type { Configuration, Run } from '../../shared/model/run.ts'

/** A configuration, and the run that executed it. */
export interface Subject {
  readonly configuration: Configuration
  readonly run: {
    readonly uid: string
    readonly plan: Pick<Run['plan'], 'tasks' | 'duration_s'>
    readonly environment: MachineClass | null
  }
}

/** What makes two machines one class. */
export type MachineClass = Pick<
  Environment,
  'cpu_model' | 'logical_cores' | 'usable_cores' | 'architecture' | 'os' | 'virtual_machine'
>

/**
 * Why the figures of two configurations may not be set beside each other (docs/metrics.md): what
 * differs in workload, parameters, amount of work or class of machine. Model, workers, runtime and
 * scheduling may differ: they are what is compared.
 *
 * @param acrossMachines the machine is what is compared: it may differ too
 * @returns a reason for each thing that differs; none where the two are comparable
 */
export function whyNotComparable(a: Subject, b: Subject, acrossMachines = false): string[] {
  return [...workReasons(a, b), ...(acrossMachines ? [] : machineReasons(a.run, b.run))]
}

function workReasons(a: Subject, b: Subject): string[] {
  const [one, other] = [a.configuration, b.configuration]
  if (one.workload !== other.workload)
    return [`the workloads differ: ${one.workload} and ${other.workload}`]
  // Two contents of one file are two works.
  const contents = differing(`the content of ${one.workload} differs`, one.content, other.content)
  const names = new Set([...Object.keys(one.parameters), ...Object.keys(other.parameters)])
  const reasons = [...names].flatMap((name) =>
    differing(`parameter ${name} differs`, one.parameters[name], other.parameters[name]),
  )
  const [amount, otherAmount] = [amountOf(a), amountOf(b)]
  return [...contents, ...reasons, ...differing('the amount of work differs', amount, otherAmount)]
}

function amountOf({ run: { plan } }: Subject): string {
  return plan.tasks === null ? `${plan.duration_s} s` : `${plan.tasks} tasks`
}

const machineClass: readonly (readonly [name: string, of: (machine: MachineClass) => unknown])[] = [
  ['processor', ({ cpu_model }) => cpu_model],
  ['logical cores', ({ logical_cores }) => logical_cores],
  ['usable cores', ({ usable_cores }) => usable_cores],
  ['architecture', ({ architecture }) => architecture],
  ['system', ({ os }) => os && systemFamily(os)],
  ['virtual machine', ({ virtual_machine }) => virtual_machine],
]

function machineReasons(a: Subject['run'], b: Subject['run']): string[] {
  // The trials of one run were made on one machine, whether it is known or not.
  if (a.uid === b.uid) return []
  const [one, other] = [a.environment, b.environment]
  if (one === null || other === null) return ['it is not known what machine one of them ran on']
  return machineClass.flatMap(([name, of]) =>
    differing(`the machines differ in ${name}`, of(one), of(other)),
  )
}

/** "Ubuntu 24.04" and "Debian GNU/Linux 12" schedule and share memory alike. */
function systemFamily(os: string): string {
  if (/windows/i.test(os)) return 'Windows'
  if (/mac ?os|os x|darwin/i.test(os)) return 'macOS'
  return /bsd/i.test(os) ? 'BSD' : 'Linux'
}

function differing(what: string, one: unknown, other: unknown): string[] {
  return one === other ? [] : [`${what}: ${one ?? 'unknown'} and ${other ?? 'unknown'}`]
}
