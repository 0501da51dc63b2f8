import { metricAxis } from '../../src/shared/metric-axis.ts'
import type { Axis, DotChart, Line, LineChart } from '../../src/shared/model/chart.ts'
import type { Verdict } from '../../src/shared/model/comparison.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import {
  betterOf,
  type MetricKey,
  type MetricSummary,
  metrics,
} from '../../src/shared/model/metric.ts'
import type {
  ComparedSide,
  NamedChart,
  RunComparison,
  SidePair,
} from '../../src/shared/model/run-comparison.ts'
import type { Trend, TrendPoint } from '../../src/shared/model/trend.ts'
import { randomNumbers } from '../../src/shared/random.ts'
import { exampleRun } from './example-run.ts'

/*
 * Saved configurations beside each other, and over time, made up with figures as they are found: for
 * tests, and to be looked at.
 */

/** What an example is made of. */
export interface ExampleSide {
  readonly run: number
  readonly configuration: number
  readonly model: Model
  readonly workers: number
  readonly label?: string
  /** Throughput over that of the first. */
  readonly speed: number
  /** Peak memory over that of the first. */
  readonly memory: number
  readonly isRefused?: boolean
}

export const exampleSides: readonly ExampleSide[] = [
  {
    run: 12,
    configuration: 3,
    model: 'threads',
    workers: 4,
    label: 'Node 22',
    speed: 1,
    memory: 1,
  },
  {
    run: 15,
    configuration: 7,
    model: 'threads',
    workers: 4,
    label: 'Node 24',
    speed: 1.12,
    memory: 0.97,
  },
  {
    run: 15,
    configuration: 8,
    model: 'processes',
    workers: 4,
    label: 'Node 24',
    speed: 1.01,
    memory: 2.1,
  },
  {
    run: 9,
    configuration: 2,
    model: 'threads',
    workers: 4,
    label: 'the old laptop',
    speed: 0.6,
    memory: 1,
    isRefused: true,
  },
]

const [configuration] = exampleRun.configurations

/** Medians of the first side. */
const medians: Readonly<Partial<Record<MetricKey, number>>> = {
  ...{ wall_ms: 3004, throughput_per_s: 812, task_p50_ms: 4.8, task_p95_ms: 6.1 },
  ...{ spawn_p50_ms: 28.4, spawn_total_ms: 61, teardown_p50_ms: 2.2, cpu_ms: 11_700 },
  ...{ cpu_per_task_ms: 4.81, cores_used: 3.91, saturation: 0.94, imbalance: 0.021 },
  ...{ peak_rss_bytes: 118e6, peak_pss_bytes: 102e6, peak_uss_bytes: 94e6 },
  ...{ memory_per_worker_bytes: 15.1e6, involuntary_switches: 412, observer_cpu_share: 0.006 },
}

function medianOf(key: MetricKey, { speed, memory, model }: ExampleSide): number {
  const first = medians[key] ?? 0
  if (key === 'throughput_per_s') return first * speed
  if (metrics[key].unit === 'bytes') return first * memory
  if (key.startsWith('spawn') && model === 'processes') return first * 1.9
  return key.includes('task') ? first / speed : first
}

const keys = Object.keys(medians) as MetricKey[]
const letterOf = (at: number) => String.fromCharCode(65 + at)
const nameOf = ({ run, model, workers }: ExampleSide) => `run ${run}, ${model} × ${workers}`

function side(each: ExampleSide, at: number): ComparedSide {
  if (configuration === undefined) throw new Error('no example')
  const { model, workers, run, label = '' } = each
  const summary = (key: MetricKey): MetricSummary => {
    const median = medianOf(key, each)
    const spread = { mad: 0.01 * median, p5: 0.97 * median, p95: 1.03 * median }
    return { median, ...spread, outliers: [], unit: metrics[key].unit }
  }
  return {
    ...{ letter: letterOf(at), name: nameOf(each), trials: 9, shownTrialId: 100 + at },
    run: {
      ...{ id: run, uid: `run-${run}`, label, status: 'done', is_baseline: at === 0 },
      started_at: `2026-02-${String(run).padStart(2, '0')}T09:30:00.000Z`,
      machine: each.isRefused === true ? 'old-laptop' : 'bench',
      imported_at: each.isRefused === true ? '2026-03-01T00:00:00.000Z' : null,
    },
    configuration: { ...configuration, id: each.configuration, model, workers },
    metrics: Object.fromEntries(keys.map((key) => [key, summary(key)])),
  }
}

function pair(all: readonly ExampleSide[], b: number): SidePair {
  const [first, other] = [all[0] as ExampleSide, all[b] as ExampleSide]
  const none = { a: 0, b, differences: [], sentence: null }
  if (other.isRefused === true) {
    return {
      ...none,
      refused: [
        `A ran on “bench” (8 cores), ${letterOf(b)} on “old-laptop” (4 cores): the machines are not of one class`,
        'the work is not the same: 3 s here, 200 tasks there',
      ],
    }
  }
  const differences = keys.map((metric) => {
    const ratio = medianOf(metric, other) / medianOf(metric, first)
    const better = betterOf(metric)
    const isShown = Math.abs(ratio - 1) > 0.02
    const winner = ratio > 1 === (better === 'higher') ? 'b' : 'a'
    const verdict: Verdict | null =
      better === null ? null : isShown ? winner : 'no difference shown'
    return {
      ...{ metric, ratio, ci95: [ratio * 0.985, ratio * 1.016] as const, verdict },
      ...{ p: isShown ? 0.0004 : 0.41, cliffs_delta: isShown ? 1 : 0.1, trials: [9, 9] as const },
    }
  })
  const { ratio } = differences.find(({ metric }) => metric === 'throughput_per_s') ?? { ratio: 1 }
  return {
    ...{ ...none, refused: [], differences },
    sentence:
      Math.abs(ratio - 1) > 0.02
        ? `${letterOf(b)} (${nameOf(other)}) finishes ${ratio.toFixed(2)} times as many tasks in the same time as A (${nameOf(first)}).`
        : `No difference of throughput is shown between ${letterOf(b)} and A.`,
  }
}

/** Numbers from 0 to 1. */
function shares(seed: number): () => number {
  const next = randomNumbers(seed)
  return () => next() / 2 ** 32
}

const time: Axis = {
  ...{ label: 'time from the release of the barrier', unit: '' },
  ...{ scale: 'linear', quantity: 'milliseconds' },
}

/** A figure that rises after the release and then wavers. */
function line(each: ExampleSide, at: number, top: number, points: number): Line {
  const random = shares(at + 1)
  const length = 3400 + 90 * at
  const x = Array.from({ length: points }, (_, index) => -300 + (length * index) / (points - 1))
  const y = x.map((t) => {
    if (t < -200 + 20 * at) return null
    const rise = t < 0 ? 0.12 : t > 3000 + 40 * at ? 0.1 : 1
    return top * rise * (0.96 + 0.08 * random())
  })
  const spread = (by: number) => y.map((value) => (value === null ? null : value * by))
  return {
    ...{ name: `${letterOf(at)}: ${nameOf(each)}`, model: each.model, side: at, x, y },
    ...{ low: spread(0.9), high: spread(1.07) },
  }
}

function overlay(name: string, title: string, y: Axis, lines: readonly Line[]): NamedChart {
  return {
    name: `overlay-${name}`,
    chart: { kind: 'lines', title, x: time, y, lines } satisfies LineChart,
  }
}

function dots(metric: MetricKey, all: readonly ExampleSide[]): NamedChart {
  const value = metricAxis(metric)
  const groups = all.map((each, at) => {
    const random = shares(100 + at)
    const median = medianOf(metric, each)
    return {
      ...{ name: `${letterOf(at)}: ${nameOf(each)}`, model: each.model, side: at },
      dots: Array.from({ length: 9 }, (_, trial) => ({
        value: median * (trial === 8 ? 0.9 : 0.985 + 0.03 * random()),
        isOutlier: trial === 8,
      })),
      ...{ median, low: median * 0.99, high: median * 1.008 },
    }
  })
  const title = `${value.label.charAt(0).toUpperCase()}${value.label.slice(1)} of each trial`
  return {
    name: `dots-${metric.replaceAll('_', '-')}`,
    chart: { kind: 'dots', title, value, groups } satisfies DotChart,
  }
}

/** @param points of each line */
export function exampleRunComparison(
  all: readonly ExampleSide[] = exampleSides,
  points = 120,
): RunComparison {
  const drawn = all.filter(({ isRefused }) => isRefused !== true)
  const lines = (top: (each: ExampleSide) => number) =>
    drawn.map((each) => line(each, all.indexOf(each), top(each), points))
  const number = { scale: 'linear', quantity: 'number' } as const
  const hasRefused = drawn.length < all.length
  const values = (of: (each: ExampleSide) => string | null) => all.map(of)
  return {
    sides: all.map(side),
    pairs: all.slice(1).map((_, at) => pair(all, at + 1)),
    differs: [
      { about: 'configuration', name: 'model', values: values(({ model }) => model) },
      {
        about: 'plan',
        name: 'amount of work',
        values: values(({ isRefused }) => (isRefused === true ? '200 tasks' : '3 s')),
      },
      {
        about: 'environment',
        name: 'Node',
        values: values(({ label = '' }) => (label === 'Node 24' ? '24.0.0' : '22.11.0')),
      },
      {
        about: 'environment',
        name: 'governor',
        values: values(({ run }) => (run === 9 ? null : run === 12 ? 'performance' : 'powersave')),
      },
    ],
    across_machines: false,
    cautions: hasRefused
      ? ['run 15 (B, C): 14 % of the cores were busy before the start with other programs']
      : [],
    charts: [
      overlay(
        'cores',
        'Busy cores',
        { label: 'busy cores', unit: 'cores', ...number },
        lines(({ speed }) => 3.6 * speed),
      ),
      overlay(
        'memory',
        'Memory of host and workers (PSS)',
        { label: 'PSS', unit: '', scale: 'linear', quantity: 'bytes' },
        lines(({ memory }) => 100e6 * memory),
      ),
      overlay(
        'throughput',
        'Throughput since the release',
        { label: 'throughput', unit: 'tasks/s', ...number },
        lines(({ speed }) => 812 * speed),
      ),
      ...(['wall_ms', 'throughput_per_s', 'cpu_per_task_ms', 'peak_pss_bytes'] as const).map(
        (metric) => dots(metric, drawn),
      ),
    ],
  }
}

/** Runs 1 to 8 of threads × 4, the third of which is the baseline. */
export function exampleTrend(runs = 8, baseline: number | null = 3): Trend {
  if (configuration === undefined) throw new Error('no example')
  const metric = 'throughput_per_s'
  const value = (id: number) => 800 * (1 + 0.02 * Math.sin(3 * id)) * (id > 5 ? 1.11 : 1)
  const points = Array.from({ length: runs }, (_, at): TrendPoint => {
    const id = at + 1
    const ratio = value(id) / value(baseline ?? 1)
    const isShown = Math.abs(ratio - 1) > 0.04
    const verdict = isShown ? (ratio > 1 ? 'b' : 'a') : 'no difference shown'
    return {
      run: {
        ...{ id, uid: `run-${id}`, label: `nightly ${id}`, machine: 'bench' },
        started_at: new Date(Date.UTC(2026, 0, 3 * id, 2)).toISOString(),
        imported_at: id === 2 ? '2026-02-01T00:00:00.000Z' : null,
      },
      ...{ configuration: 10 + id, trials: 9, median: value(id) },
      ci95: [value(id) * 0.985, value(id) * 1.012],
      difference:
        baseline === null || id === baseline
          ? null
          : {
              ...{ ratio, ci95: [ratio * 0.98, ratio * 1.02], p: isShown ? 0.0004 : 0.34 },
              ...{ cliffs_delta: isShown ? 1 : 0.1, verdict },
            },
    }
  })
  const held = points.find(({ run }) => run.id === baseline)
  const reference = (x: number) => ({ x, y: held?.median ?? 0, low: null, high: null })
  return {
    configuration: { ...configuration, model: 'threads', workers: 4 },
    ...{ metric, baseline, points },
    withoutBaseline: baseline === null ? 'no run of primes is marked as its baseline' : null,
    leftOut: [{ run: 40, reasons: ['the machine is not of the same class: 4 cores, not 8'] }],
    chart: {
      name: 'trend-throughput-per-s',
      chart: {
        ...{ kind: 'curves', title: `Throughput of threads × 4 over ${runs} runs` },
        x: {
          ...{ label: 'runs, counted in the order of time', unit: '' },
          ...{ scale: 'linear', quantity: 'number' },
        },
        y: metricAxis(metric),
        series: [
          {
            ...{ name: 'threads × 4', model: 'threads', isReference: false },
            points: points.map(({ median, ci95 }, at) => ({
              ...{ x: at + 1, y: median, low: ci95?.[0] ?? null, high: ci95?.[1] ?? null },
            })),
          },
          ...(held === undefined
            ? []
            : [
                {
                  ...{ name: `baseline, run ${held.run.id}`, model: null, isReference: true },
                  points: [reference(1), reference(runs)],
                },
              ]),
        ],
        marks:
          held === undefined
            ? []
            : [{ x: points.indexOf(held) + 1, label: `baseline: run ${held.run.id}` }],
      },
    },
  }
}
