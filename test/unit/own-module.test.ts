import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { whyNotComparable } from '../../src/engine/analysis/comparability.ts'
import { whyNotCloned } from '../../src/engine/execution/own/cloning.ts'
import { OwnInputs } from '../../src/engine/execution/own/inputs.ts'
import { prepareOwn } from '../../src/engine/execution/own/kernel.ts'
import type { TrialSpec, WorkerToHost } from '../../src/engine/execution/protocol.ts'
import { assignmentFor } from '../../src/engine/execution/scheduling.ts'
import { withPathsFrom } from '../../src/service/plan-file.ts'
import { isModulePath, workloadName } from '../../src/shared/model/workload.ts'
import { exampleRun } from '../support/example-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'corescope-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a workload', () => {
  it('is a path where it holds a separator or ends as a module does', () => {
    const paths = [
      './x',
      'a/b',
      'C:\\work\\task',
      'x.mjs',
      'X.JS',
      'x.cjs',
      'x.ts',
      'x.mts',
      'x.cts',
    ]
    expect(paths.filter(isModulePath)).toEqual(paths)
    expect(['primes', 'json', 'scan-shared', ''].filter(isModulePath)).toEqual([])
  })

  it('is shown by its file alone', () => {
    expect(['/a b/c.mjs', 'C:\\work\\c.mjs', 'primes'].map(workloadName)).toEqual([
      ...['c.mjs', 'c.mjs', 'primes'],
    ])
  })

  it('that is half a path starts from the folder of whoever named it', () => {
    const plan = { workload: './x.mjs', tasks: 1 }
    expect(withPathsFrom(folder, plan)).toEqual({ workload: join(folder, 'x.mjs'), tasks: 1 })
    expect(withPathsFrom(folder, { workload: 'primes' })).toEqual({ workload: 'primes' })
  })
})

describe('inputs', () => {
  const inputs = new OwnInputs(['a', 'b', 'c'])

  it.each([
    { tasks: 10, durationMs: null },
    { tasks: null, durationMs: 1000 },
  ])('of worker after worker are those of its tasks, $tasks', (amount) => {
    const work = { scheduling: 'static', model: 'threads', workers: 2, ...amount } as const
    for (const worker of [0, 1]) {
      const assignment = assignmentFor(work, worker)
      const own = inputs.ofAssignment(assignment)
      const index = (nth: number) =>
        assignment.how === 'until' ? worker + 2 * nth : worker * 5 + nth
      for (let nth = 0; nth < 5; nth++) {
        expect(own[nth % own.length]).toBe(inputs.ofTask(index(nth)))
      }
      expect(own).toHaveLength(3)
    }
  })
})

describe('what a module returns', () => {
  it('waits where the host has yet to take eight of it, and goes on when it has', async () => {
    const path = join(folder, 'echo.mjs')
    writeFileSync(path, 'export const task = (i) => i')
    const spec = { workload: path, model: 'threads', scheduling: 'static', workers: 1, seed: 1 }
    const sent: WorkerToHost[] = []
    const kernel = await prepareOwn(
      spec as TrialSpec,
      0,
      (message) => sent.push(message),
      (failure) => expect.fail(failure.message),
    )
    for (let index = 0; index < 8; index++) {
      expect(kernel.room?.()).toBeUndefined()
      kernel.task(index)
      kernel.verify?.(index, 0)
    }
    const wantsReceipt = sent.filter((each) => each.type === 'output' && each.wantsReceipt)
    expect(wantsReceipt).toHaveLength(2)
    const room = kernel.room?.()
    expect(room).toBeInstanceOf(Promise)
    kernel.received?.()
    await room
    expect(kernel.room?.()).toBeUndefined()
    await kernel.close?.()
  })

  it('is searched for what cannot be cloned, also where it is the whole or holds itself', () => {
    const round: Record<string, unknown> = { list: [0, { run: () => {} }] }
    round.self = round
    expect(whyNotCloned(round, 'output', new Error('no'))).toMatch(
      /^output\.list\[1\]\.run cannot be cloned: /,
    )
    expect(whyNotCloned(Symbol('s'), 'output', new Error('Symbol(s) could not be cloned.'))).toBe(
      'output cannot be cloned: Symbol(s) could not be cloned.',
    )
    const closed = { ownKeys: () => expect.fail('asked for its parts') }
    expect(whyNotCloned({ part: new Proxy({}, closed) }, 'output', new Error('no'))).toMatch(
      /^output\.part cannot be cloned: /,
    )
  })
})

it('two contents of one file are two works, and of one content one', () => {
  const run = exampleRun
  const [first] = run.configurations
  if (first === undefined) expect.fail('the example has a configuration')
  const of = (content: string) => ({
    run,
    configuration: { ...first, workload: '/a/x.mjs', content },
  })
  expect(whyNotComparable(of('aaaa'), of('aaaa'))).toEqual([])
  expect(whyNotComparable(of('aaaa'), of('bbbb'))).toEqual([
    'the content of /a/x.mjs differs: aaaa and bbbb',
  ])
})
