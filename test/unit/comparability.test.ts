import { describe, expect, it } from 'vitest'
import { type Subject, whyNotComparable } from '../../src/engine/analysis/comparability.ts'
import type { Environment } from '../../src/shared/model/environment.ts'
import type { Configuration, Run } from '../../src/shared/model/run.ts'
import { exampleRun } from '../support/example-run.ts'

const machine = {
  cpu_model: 'Example 3000',
  logical_cores: 8,
  usable_cores: 8,
  os: 'Ubuntu 24.04',
  architecture: 'x64',
  virtual_machine: 'none',
} as Environment

function subject({
  configuration = {},
  plan = {},
  environment = machine,
  uid = 'other',
}: {
  readonly configuration?: Partial<Configuration>
  readonly plan?: Partial<Run['plan']>
  readonly environment?: Partial<Environment> | null
  readonly uid?: string
} = {}): Subject {
  return {
    configuration: { ...(exampleRun.configurations[0] as Configuration), ...configuration },
    run: {
      uid,
      plan: { ...exampleRun.plan, ...plan },
      environment: environment === null ? null : { ...machine, ...environment },
    },
  }
}

describe('two configurations', () => {
  const one = subject({ uid: 'one' })

  it('are comparable where only the way to execute differs', () => {
    const other = subject({
      configuration: { id: 9, model: 'processes', workers: 4, scheduling: 'dynamic' },
      plan: { repeat: 7, seed: 5, label: 'another day' },
      environment: { hostname: 'elsewhere', os: 'Debian GNU/Linux 12', load_before: 0.5 },
    })
    expect(whyNotComparable(one, other)).toEqual([])
  })

  it.each<[string, Parameters<typeof subject>[0], string[]]>([
    [
      'workload',
      { configuration: { workload: 'sleep', parameters: { ms: 5 } } },
      ['the workloads differ: primes and sleep'],
    ],
    [
      'parameter',
      { configuration: { parameters: { n: 2000 } } },
      ['parameter n differs: 1000 and 2000'],
    ],
    [
      'parameter that one of them has not',
      { configuration: { parameters: { n: 1000, m: 1 } } },
      ['parameter m differs: unknown and 1'],
    ],
    [
      'number of tasks',
      { plan: { tasks: 20 } },
      ['the amount of work differs: 10 tasks and 20 tasks'],
    ],
    [
      'kind of amount',
      { plan: { tasks: null, duration_s: 10 } },
      ['the amount of work differs: 10 tasks and 10 s'],
    ],
    [
      'processor, and number of cores',
      { environment: { cpu_model: 'Example 4000', logical_cores: 16 } },
      [
        'the machines differ in processor: Example 3000 and Example 4000',
        'the machines differ in logical cores: 8 and 16',
      ],
    ],
    [
      'number of cores that may be used',
      { environment: { usable_cores: 2 } },
      ['the machines differ in usable cores: 8 and 2'],
    ],
    [
      'architecture',
      { environment: { architecture: 'arm64' } },
      ['the machines differ in architecture: x64 and arm64'],
    ],
    [
      'system',
      { environment: { os: 'macOS 15.1' } },
      ['the machines differ in system: Linux and macOS'],
    ],
    [
      'system that hides its name',
      { environment: { os: null } },
      ['the machines differ in system: Linux and unknown'],
    ],
    [
      'machine that is a virtual one',
      { environment: { virtual_machine: 'kvm' } },
      ['the machines differ in virtual machine: none and kvm'],
    ],
    [
      'machine that is not known',
      { environment: null },
      ['it is not known what machine one of them ran on'],
    ],
  ])('are not where they differ in: %s', (_, change, reasons) => {
    expect(whyNotComparable(one, subject(change))).toEqual(reasons)
  })

  it('of one run were on one machine, known or not', () => {
    const unknown = subject({ uid: 'one', environment: null })
    expect(whyNotComparable(unknown, unknown)).toEqual([])
  })
})
