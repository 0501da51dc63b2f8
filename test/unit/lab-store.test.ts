import { describe, expect, it } from 'vitest'
import type { LabConnection } from '../../src/renderer/connection/lab-connection.ts'
import { LabStore } from '../../src/renderer/state/lab-store.ts'
import type { LabEvent, MenuCommand } from '../../src/shared/contract.ts'

/** A store, and what its lab tells it; nothing that it asks is ever answered. */
function openStore() {
  let tell: (event: LabEvent) => void = () => {}
  const connection: LabConnection = {
    call: () => new Promise(() => {}),
    onEvent: (listener) => {
      tell = listener
    },
    onLink: (listener) => listener('open'),
  }
  return { store: new LabStore(connection), tell: (event: LabEvent) => tell(event) }
}

describe('what is told before the views are there', () => {
  it('waits for them: a plan, the menu, a problem, each once and in order; but nothing is started unseen', () => {
    const { store, tell } = openStore()
    tell({ type: 'plan-opened', plan: { workload: 'sleep' } })
    tell({ type: 'command', command: 'show-runs' })
    tell({ type: 'command', command: 'start' })
    tell({ type: 'command', command: 'stop' })
    tell({ type: 'problem', error: { code: 'bad-input', message: 'no plan', details: [] } })
    const plans: unknown[] = []
    const commands: MenuCommand[] = []
    const problems: string[] = []
    const undo = store.plans.on((plan) => plans.push(plan))
    store.commands.on((command) => commands.push(command))
    store.problems.on((problem) => problems.push(problem))
    expect({ plans, commands, problems }).toEqual({
      plans: [{ workload: 'sleep' }],
      commands: ['show-runs', 'stop'],
      problems: ['no plan'],
    })
    tell({ type: 'command', command: 'start' })
    expect(commands.at(-1)).toBe('start')
    undo()
    store.plans.on((plan) => plans.push(plan))
    tell({ type: 'plan-opened', plan: 'another' })
    expect(plans).toEqual([{ workload: 'sleep' }, 'another'])
  })
})
