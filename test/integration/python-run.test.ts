import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { median } from 'simple-statistics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import type { ExportForm } from '../../src/shared/contract.ts'
import { executorName } from '../../src/shared/executor-names.ts'
import { interpreterName } from '../../src/shared/model/interpreter.ts'
import type { Configuration, Run } from '../../src/shared/model/run.ts'
import { programs } from '../support/programs.ts'
import { pypy, python, whyNoPyPy, whyNoPython } from '../support/python.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const labAt = (name: string) =>
  new Lab({ databasePath: scratch.path(name), programs, version: '0' })
const skipped = whyNoPython + whyNoPyPy

describe.runIf(python !== null)(`the sample plan of Python beside Node${skipped}`, () => {
  let lab: Lab
  let run: Run
  const interpreters = [python, pypy].flatMap((each) => each?.path ?? [])

  beforeAll(async () => {
    const sample = new URL('../../resources/plans/python-beside-node.json', import.meta.url)
    lab = labAt('beside.db')
    const plan = await lab.checkPlan({
      ...{ ...JSON.parse(await readFile(sample, 'utf8')), parameters: { n: 3000 }, interpreters },
      ...{ tasks: 30, repeat: 2, warmup: 0, interval_ms: 50, start_methods: ['spawn', 'fork'] },
      label: '',
    })
    run = (await (await lab.start(plan, { force: true, announce: () => {} })).finished).run
  }, 120_000)
  afterAll(() => lab.close())

  const trialsOf = ({ id }: Configuration) =>
    run.trials.filter((trial) => trial.configuration_id === id)

  it('proves the same checksums in every one of them, by each model and start method', () => {
    expect([run.status, run.reason]).toEqual(['done', null])
    expect(run.configurations).toHaveLength(3 + 4 * interpreters.length)
    for (const trial of run.trials) {
      expect(trial).toMatchObject({
        status: 'done',
        tasks_done: 30,
        metrics: { checksum_ok: true },
      })
    }
  })

  it('is called by what executed it as well, so that a list tells it from a run of Node alone', () => {
    const names = new Set(run.configurations.map(executorName))
    expect(run.label.split(' · ')[1]).toBe([...names].join(', '))
  })

  it('has efficiency against the inline work of the same program', () => {
    const place = ({ runtime, interpreter }: Configuration) => `${runtime} ${interpreter?.path}`
    for (const configuration of run.configurations) {
      const inline = run.configurations.find(
        (each) => each.model === 'inline' && place(each) === place(configuration),
      )
      const throughputs = trialsOf(inline as Configuration).map(({ metrics }) =>
        Number(metrics.throughput_per_s),
      )
      for (const { metrics } of trialsOf(configuration)) {
        const per = Number(metrics.throughput_per_s) / configuration.workers
        expect(metrics.efficiency).toBeCloseTo(per / median(throughputs), 9)
      }
    }
  })

  it('has no heap figure of Python’s workers, and all others that Node’s have', () => {
    for (const configuration of run.configurations) {
      const isNode = configuration.runtime === 'node'
      for (const { workers, metrics } of trialsOf(configuration)) {
        for (const worker of workers) {
          expect(worker.heap_used_bytes === null).toBe(!isNode)
          expect(worker.cpu_ms).toBeGreaterThan(0)
        }
        expect(metrics.peak_rss_bytes).toBeGreaterThan(0)
        expect(metrics.host_delay_p99_ms).toBeGreaterThanOrEqual(0)
      }
    }
  })

  const exported = (from: Lab, id: number, form: ExportForm) =>
    from.exchange.export({ of: { run: id }, form, theme: 'light' }).then(text)

  it('is the same where it is imported, interpreters and all, to the last digit', async () => {
    const document = await exported(lab, run.id, 'run.json')
    const other = labAt('other.db')
    const { id } = await other.exchange.import(Readable.from([Buffer.from(document)]), 'run.json')
    const there = await other.saved.run(id)
    const bare = ({ configurations, trials, plan }: Run) => ({
      plan,
      configurations: configurations.map(({ id: _, ...each }) => each),
      trials: trials.map(({ id: _, configuration_id: __, ...each }) => each),
    })
    expect(bare(there)).toEqual(bare(run))
    const compared = async (from: Lab, of: number) => {
      const { comparisons } = JSON.parse(await exported(from, of, 'run.json'))
      return comparisons.map(({ a: _, b: __, ...each }: { a: number; b: number }) => each)
    }
    expect(await compared(other, id)).toEqual(await compared(lab, run.id))
    await other.close()
  })

  it('names its Pythons in every form that is read by people', async () => {
    const names = run.configurations.flatMap(({ interpreter }) => interpreter ?? [])
    for (const form of ['report.md', 'report.html'] as const) {
      const document = await exported(lab, run.id, form)
      for (const each of names) expect(document, form).toContain(interpreterName(each))
    }
  })
})
