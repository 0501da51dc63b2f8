import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Lab, type LabOptions } from '../../src/engine/lab.ts'
import { type MetricKey, metricKeys } from '../../src/shared/model/metric.ts'
import { LabError } from '../../src/shared/model/problem.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { briskMachine } from '../support/brisk-machine.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const onLinux = process.platform === 'linux'
const scratch = scratchFolder()

const document = {
  ...{ models: ['inline', 'threads', 'processes'], workers: [2], repeat: 1, warmup: 0 },
  ...{ duration_s: 0.8, interval_ms: 100 },
}

function newLab(name: string, options: Partial<LabOptions> = {}): Lab {
  const machine = { ...briskMachine, ...options.machine }
  return new Lab({
    ...{ databasePath: scratch.path(name), programs, version: 'test', ...options, machine },
  })
}

async function run(lab: Lab, plan: object): Promise<Run> {
  const started = await lab.start(await lab.checkPlan(plan), { force: false, announce() {} })
  return (await started.finished).run
}

const trialOf = (seen: Run, model: string) => {
  const configuration = seen.configurations.find((each) => each.model === model)
  const trial = seen.trials.find((each) => each.configuration_id === configuration?.id)
  if (trial === undefined) throw new Error(`no trial of ${model}`)
  return trial
}

const models = ['inline', 'threads', 'processes'] as const

/** Without workers nothing is started or ended. */
const notInline: readonly MetricKey[] = [
  ...(['spawn_p50_ms', 'spawn_max_ms', 'spawn_total_ms'] as const),
  ...(['teardown_p50_ms', 'teardown_total_ms'] as const),
]

describe.runIf(onLinux)('a trial that is sampled from /proc', () => {
  let seen: Run
  let lab: Lab
  beforeAll(async () => {
    lab = newLab('auto.db')
    seen = await run(lab, { ...document, sampler: 'auto' })
  })
  afterAll(() => lab.close())

  it.each(models)('of %s has every figure that there can be', (model) => {
    const { status, metrics, memory_basis } = trialOf(seen, model)
    expect(status).toBe('done')
    expect(memory_basis).toBe('pss')
    const missing = metricKeys.filter((key) => (metrics[key] ?? null) === null)
    expect(missing).toEqual(model === 'inline' ? notInline : [])
  })

  it('has no efficiency, and nothing else missing, where there is no inline to compare with', async () => {
    const alone = await run(lab, { ...document, models: ['threads'], sampler: 'proc' })
    const { metrics } = trialOf(alone, 'threads')
    const missing = metricKeys.filter((key) => (metrics[key] ?? null) === null)
    expect(missing).toEqual(['efficiency'])
  })

  it.each(models)('of %s has figures that agree with each other', (model) => {
    const { metrics, workers } = trialOf(seen, model)
    const of = (key: MetricKey) => metrics[key] as number
    expect(of('peak_uss_bytes')).toBeLessThanOrEqual(of('peak_pss_bytes'))
    expect(of('peak_pss_bytes')).toBeLessThanOrEqual(of('peak_rss_bytes'))
    for (const kind of ['rss', 'pss', 'uss'] as const) {
      const [baseline, peak] = [of(`baseline_${kind}_bytes`), of(`peak_${kind}_bytes`)]
      expect(baseline).toBeGreaterThan(0)
      expect(baseline).toBeLessThanOrEqual(peak)
    }
    expect(Number.isInteger(of('samples_missed'))).toBe(true)
    expect(of('samples_missed')).toBeGreaterThanOrEqual(0)
    expect(of('sampler_lateness_p50_ms')).toBeLessThanOrEqual(of('sampler_lateness_p99_ms'))
    const classes = metricKeys.filter((key) => key.startsWith('utilization_'))
    expect(classes.reduce((sum, key) => sum + of(key), 0)).toBeCloseTo(1, 6)
    const parts = (['sampling', 'recording', 'shell'] as const).map((part) =>
      of(`observer_${part}_share`),
    )
    expect(parts.every((part) => part >= 0)).toBe(true)
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(of('observer_cpu_share'), 6)
    const migrations = workers.map((worker) => worker.migrations ?? Number.NaN)
    expect(migrations.reduce((sum, count) => sum + count, 0)).toBe(of('migrations'))
    for (const worker of workers) {
      expect(worker.voluntary_switches).toBeGreaterThanOrEqual(0)
      expect(worker.involuntary_switches).toBeGreaterThanOrEqual(0)
    }
  })

  it('tells the memory of its processes one by one, and of its threads none', () => {
    for (const { pss_bytes, uss_bytes, rss_bytes } of trialOf(seen, 'processes').workers) {
      expect(uss_bytes).toBeGreaterThan(0)
      expect(uss_bytes).toBeLessThanOrEqual(pss_bytes ?? 0)
      expect(rss_bytes).toBeGreaterThan(0)
    }
    for (const { pss_bytes, uss_bytes, rss_bytes } of trialOf(seen, 'threads').workers) {
      expect([pss_bytes, uss_bytes, rss_bytes]).toEqual([null, null, null])
    }
  })
})

describe('a trial that is sampled portably', () => {
  let seen: Run
  beforeAll(async () => {
    const lab = newLab('portable.db')
    seen = await run(lab, { ...document, sampler: 'systeminformation' })
    await lab.close()
  })

  it.each(models)('of %s has null, and not 0, for what cannot be read, and is done', (model) => {
    const { status, metrics, workers, memory_basis } = trialOf(seen, model)
    expect(status).toBe('done')
    expect(seen.environment?.sampling_provider).toBe('systeminformation')
    expect(memory_basis).toBe('rss')
    for (const key of [
      ...(['baseline_pss_bytes', 'baseline_uss_bytes'] as const),
      ...(['peak_pss_bytes', 'peak_uss_bytes', 'migrations'] as const),
    ]) {
      expect(metrics[key], key).toBeNull()
    }
    for (const key of [
      ...(['wall_ms', 'throughput_per_s', 'saturation', 'peak_rss_bytes'] as const),
      ...(['utilization_ideal', 'samples_missed'] as const),
    ]) {
      expect(metrics[key], key).not.toBeNull()
    }
    for (const worker of workers) {
      expect(worker).toMatchObject({
        ...{ voluntary_switches: null, involuntary_switches: null, migrations: null },
        ...{ pss_bytes: null, uss_bytes: null },
      })
    }
  })
})

describe('a sampler that ends in mid-run', () => {
  /** The real sampler, whose thread ends when it hears of something. */
  function samplerThatEndsAt(moment: string): string {
    const path = scratch.path(`ends-at-${moment}.cjs`)
    writeFileSync(
      path,
      `require('node:worker_threads').parentPort.on('message', ({ type }) => {
        if (type === '${moment}') process.exit(1)
      })
      require(${JSON.stringify(programs.sampler)})`,
    )
    return path
  }

  it.each(['work-begins', 'follow', 'work-ends', 'rest'])(
    'at “%s” ends nothing else',
    async (moment) => {
      const ending = { ...programs, sampler: samplerThatEndsAt(moment) }
      const lab = newLab(`ends-at-${moment}.db`, { programs: ending })
      const short = { ...document, models: ['processes'], repeat: 2, duration_s: 0.3 }
      const seen = await run(lab, short)
      expect(seen.status).toBe('done')
      expect(seen.trials.map(({ status }) => status)).toEqual(['done', 'done'])
      for (const { metrics } of seen.trials) {
        expect(metrics.throughput_per_s).toBeGreaterThan(0)
        expect(metrics.checksum_ok).toBe(true)
        expect(metrics.peak_rss_bytes).toBeGreaterThan(0)
        expect(metrics.memory_per_worker_bytes).toBeGreaterThan(0)
      }
      // Of the second nothing was seen at all.
      const { metrics, memory_basis } = seen.trials[1] ?? {}
      expect(memory_basis).toBe('rss')
      for (const key of ['saturation', 'peak_pss_bytes', 'migrations', 'samples_missed'] as const) {
        expect(metrics?.[key], key).toBeNull()
      }
      await lab.close()
    },
  )
})

describe('a sampler that this machine does not have', () => {
  const elsewhere = {
    ...{ cores: () => 4, availableMemoryBytes: async () => 2 ** 34 },
    whyNoProc: () => 'only Linux has /proc',
  }

  it('is refused in one line that says why and what is allowed', async () => {
    const lab = newLab('refused.db', { machine: elsewhere })
    const refused = await lab.checkPlan({ sampler: 'proc' }).catch((error: unknown) => error)
    const message =
      '"proc" is not allowed here: only Linux has /proc; allowed: auto, systeminformation'
    expect(refused).toBeInstanceOf(LabError)
    expect(refused).toMatchObject({
      ...{ code: 'bad-input', message: `sampler: ${message}` },
      details: [{ path: 'sampler', message }],
    })
    const { plan, problems } = await lab.estimate({ sampler: 'proc' })
    expect({ plan, problems }).toEqual({ plan: null, problems: [{ path: 'sampler', message }] })
    await lab.close()
  })

  it('is no hindrance where it is not asked for', async () => {
    const lab = newLab('allowed.db', { machine: elsewhere })
    for (const sampler of ['auto', 'systeminformation']) {
      expect(await lab.checkPlan({ sampler })).toMatchObject({ sampler })
    }
    await lab.close()
  })

  it.runIf(onLinux)('is not this one', async () => {
    const lab = newLab('here.db')
    expect(await lab.checkPlan({ sampler: 'proc' })).toMatchObject({ sampler: 'proc' })
    await lab.close()
  })
})
