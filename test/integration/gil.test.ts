import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import { kernelOf } from '../../src/shared/model/execution-model.ts'
import type { Interpreter } from '../../src/shared/model/interpreter.ts'
import type { RunEvent } from '../../src/shared/model/progress.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

const found = await new Lab({
  ...{ databasePath: scratch.path('find.db'), programs, version: 'test' },
}).interpreters.list()
const usable = found.flatMap(({ interpreter }) => interpreter ?? [])
const compiling = usable.find(({ cython, compiler }) => cython !== null && compiler !== null)
const cpython = compiling ?? usable.find(({ implementation }) => implementation === 'CPython')
const pypy = usable.find(({ implementation }) => implementation === 'PyPy')

async function runBy(
  interpreters: readonly Interpreter[],
): Promise<{ run: Run; events: RunEvent[] }> {
  const databasePath = scratch.path('gil.db')
  // A reaper that does nothing, and so takes nothing away that the run has left.
  const reaper = scratch.path('idle-reaper.cjs')
  await writeFile(reaper, 'process.stdin.resume()')
  const lab = new Lab({ databasePath, programs: { ...programs, reaper }, version: 'test' })
  const plan = await lab.checkPlan({
    ...{ experiment: 'gil', duration_s: 0.1, repeat: 1, parameters: { n: 2000 }, workers: [2] },
    interpreters: interpreters.map(({ path }) => path),
  })
  const events: RunEvent[] = []
  const started = await lab.start(plan, { force: true, announce: (event) => events.push(event) })
  const { run } = await started.finished
  expect(await lab.saved.run(run.id)).toEqual(run)
  await lab.close()
  return { run, events }
}

it.skipIf(cpython === undefined)(
  `the lock is looked at in Node${[cpython, pypy].map((each) => (each === undefined ? '' : `, ${each.implementation} ${each.version}`)).join('')}: the same checksums by all, kernels compiled before the trials, nothing left of them`,
  async () => {
    // Of its own: others make folders in the system's meanwhile.
    const temporary = scratch.path('temporary')
    await mkdir(temporary)
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary)
    onTestFinished(() => void vi.unstubAllEnvs())
    const interpreters = [cpython, pypy].filter((each) => each !== undefined)
    const { run, events } = await runBy(interpreters)
    expect(run).toMatchObject({ status: 'done', reason: null })
    const byId = new Map(run.configurations.map((each) => [each.id, each]))
    const kernelMissing = run.warnings.filter(({ code }) => code === 'kernel-missing')
    for (const trial of run.trials) {
      const configuration = byId.get(trial.configuration_id)
      if (trial.status === 'failed') {
        // Only what cannot be compiled, and in the words of the warning.
        expect(kernelOf(configuration?.variant ?? null)).not.toBeNull()
        expect(kernelMissing.map(({ message }) => message)).toContain(trial.reason)
      } else {
        expect(trial).toMatchObject({ status: 'done', metrics: { checksum_ok: true } })
      }
    }
    const executors = new Set(
      run.configurations.map(({ runtime, interpreter }) => interpreter?.path ?? runtime),
    )
    expect([...executors]).toEqual(['node', ...interpreters.map(({ path }) => path)])
    const preparing = events.flatMap((event) => (event.type === 'preparing' ? [event.what] : []))
    expect(preparing.includes('compiling the kernels')).toBe(
      interpreters.some(({ compiler }) => compiler !== null),
    )
    if (compiling !== undefined) {
      const compiled = run.trials.filter(
        ({ configuration_id, status }) =>
          status === 'done' &&
          kernelOf(byId.get(configuration_id)?.variant ?? null) === 'cython nogil',
      )
      expect(compiled.length + kernelMissing.length).toBeGreaterThan(0)
    }
    const told = events.findLast((event) => event.type === 'found')
    expect(told?.findings.charts[0]).toMatchObject({
      kind: 'panels',
      columns: ['Computing: primes', 'Native code: sha256', 'Waiting: sleep'],
    })
    const left = await readdir(temporary)
    expect(left.filter((name) => name.startsWith('corescope-'))).toEqual([])
  },
  300_000,
)
