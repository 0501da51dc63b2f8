import type {
  Axis,
  Bar,
  BarChart,
  CurveChart,
  CurveSeries,
  PanelChart,
} from '../../src/shared/model/chart.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import { cell, type Findings } from '../../src/shared/model/findings.ts'

/*
 * What experiments can find, one of each kind, with round figures: for tests, and to be looked at.
 */

const bytes: Axis = { label: 'Payload', unit: 'B', scale: 'logarithmic', quantity: 'bytes' }
const time: Axis = {
  label: 'Round trip',
  unit: 'ms',
  scale: 'logarithmic',
  quantity: 'milliseconds',
}
const payloads = [4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26].map((power) => 2 ** power)

/** A fixed cost of a message and a time for each MiB, both in ms. */
function transport(name: string, model: Model | null, fixed: number, perMebibyte: number) {
  const points = payloads.map((x, at) => {
    const y = fixed + (perMebibyte * x) / 2 ** 20
    return { x, y, low: y * 0.94, high: y * (1.05 + (at % 3) / 50) }
  })
  return { name, model, points, isReference: false } satisfies CurveSeries
}

export const transportChart: CurveChart = {
  kind: 'curves',
  title: 'Round trip by size of the payload',
  x: bytes,
  y: time,
  series: [
    transport('thread, structured clone', 'threads', 0.012, 0.9),
    transport('thread, transfer', 'threads', 0.02, 0.002),
    transport('thread, shared with Atomics', 'threads', 0.004, 0.25),
    transport('fork, json', 'processes', 0.045, 11),
    transport('fork, advanced', 'processes', 0.06, 3.4),
    transport('pipe', 'processes', 0.03, 1.6),
    transport('file', 'processes', 0.35, 1.1),
  ],
  marks: [
    { x: 9200, label: 'transfer overtakes structured clone' },
    { x: 11_000, label: 'fork advanced overtakes json' },
    { x: 700_000, label: 'file overtakes pipe' },
  ],
}

const workers: Axis = { label: 'Workers', unit: '', scale: 'linear', quantity: 'number' }
const counts = [1, 2, 3, 4, 6, 8, 12, 16]

function law(sigma: number, kappa: number) {
  return (n: number) => n / (1 + sigma * (n - 1) + kappa * n * (n - 1))
}

function speedUp(model: Model, sigma: number, kappa: number): readonly CurveSeries[] {
  const expected = law(sigma, kappa)
  const measured = counts.map((x, at) => {
    const y = expected(x) * (1 + ((at % 3) - 1) * 0.02)
    return { x, y, low: y * (0.96 - x / 400), high: y * (1.04 + x / 400) }
  })
  const fitted = Array.from({ length: 61 }, (_, at) => {
    const x = 1 + at / 4
    return { x, y: expected(x), low: null, high: null }
  })
  return [
    { name: model, model, points: measured, isReference: false },
    { name: `${model}, fitted law`, model, points: fitted, isReference: true },
  ]
}

export const speedUpChart: CurveChart = {
  kind: 'curves',
  title: 'Speed-up over one worker',
  x: workers,
  y: { label: 'Speed-up', unit: '×', scale: 'linear', quantity: 'number' },
  series: [
    ...speedUp('threads', 0.03, 0.004),
    ...speedUp('processes', 0.05, 0.001),
    {
      name: 'as many times as fast as there are workers',
      model: null,
      points: [1, 8].map((x) => ({ x, y: x, low: null, high: null })),
      isReference: true,
    },
  ],
  marks: [
    { x: 15.5, label: 'best for threads: 16' },
    { x: 8, label: 'cores: 8' },
  ],
}

const bar = (name: string, model: Model, values: Bar['values']): Bar => ({ name, model, values })

export const creationChart: BarChart = {
  kind: 'bars',
  title: 'From the call to the last exit',
  value: { label: 'Time', unit: 'ms', scale: 'linear', quantity: 'milliseconds' },
  parts: ['spawn', 'first message', 'work', 'teardown'],
  bars: [
    bar('threads × 1, cold', 'threads', [16, 1.2, 4, 2.4]),
    bar('threads × 1, warm pool', 'threads', [0, 0.2, 4, 0]),
    bar('threads × 4, cold', 'threads', [34, 2.2, 4.4, 6]),
    bar('processes × 1, cold', 'processes', [48, 3.8, 4, 7]),
    bar('processes × 1, warm pool', 'processes', [0, 0.4, 4, 0]),
    bar('processes × 4, cold', 'processes', [132, 6, 4.6, null]),
  ],
}

const lived = (text: string) => cell(text, 'good')
const lost = (text: string) => cell(text, 'bad')

export const transportFindings: Findings = {
  sentences: [
    'Up to 8 KiB a shared buffer with Atomics answers in 4.1 µs, 3 times as fast as a cloned message to a thread and 11 times as fast as fork with json.',
    'A message to a process costs 45 µs before its first byte; from 32 KiB on its size decides.',
  ],
  charts: [transportChart],
  tables: [],
  cautions: ['Payloads over 16 MiB were sent 20 times only; their intervals are wide.'],
}

export const scalingFindings: Findings = {
  sentences: [
    '8 processes are 5.7 times as fast as one, 8 threads 5.6 times: no difference shown.',
    'Beyond 16 threads more would make it slower.',
  ],
  charts: [speedUpChart],
  tables: [
    {
      title: 'Laws fitted',
      columns: ['model', 'contention σ', 'coherence κ', 'best number'],
      rows: [
        [cell('threads'), cell('3.0 % (2.6 to 3.4)'), cell('0.40 %'), cell('16')],
        [cell('processes'), cell('5.0 % (4.4 to 5.7)'), cell('0.10 %'), cell('31')],
      ],
    },
  ],
  cautions: ['The points of processes beyond 12 workers do not support the fit.'],
}

export const creationFindings: Findings = {
  sentences: ['A thread is ready after 16 ms, a process after 48 ms: 3 times as long.'],
  charts: [creationChart],
  tables: [],
  cautions: [],
}

export const failureFindings: Findings = {
  sentences: [
    'A thread that runs out of memory, aborts or crashes natively takes all others and the program with it; a process dies alone.',
  ],
  charts: [],
  tables: [
    {
      title: 'What was left after a failure',
      columns: ['failure', 'model', 'the worker', 'its siblings', 'the host', 'recovery'],
      rows: [
        [
          cell('unhandled error'),
          cell('threads'),
          lost('exit code 1'),
          lived('4 of 4 go on'),
          lived('goes on'),
          cell('18.2 ms'),
        ],
        [
          cell('unhandled error'),
          cell('processes'),
          lost('exit code 1'),
          lived('4 of 4 go on'),
          lived('goes on'),
          cell('52.1 ms'),
        ],
        [
          cell('native crash'),
          cell('threads'),
          lost('SIGSEGV'),
          lost('0 of 4 go on'),
          lost('SIGSEGV'),
          cell('not recovered'),
        ],
        [
          cell('native crash'),
          cell('processes'),
          lost('SIGSEGV'),
          lived('4 of 4 go on'),
          lived('goes on'),
          cell('50.4 ms'),
        ],
      ],
    },
  ],
  cautions: [],
}

export const exampleFindings = {
  transports: transportFindings,
  sweep: scalingFindings,
  creation: creationFindings,
  failures: failureFindings,
} as const

const measured = (quantity: 'number' | 'bytes', label: string, unit = '') =>
  ({ label, unit, scale: 'linear', quantity }) as const
const MiB = 2 ** 20

/** Of a machine of 8 cores: with the lock, without it, and where there never was one. */
export const lockChart: PanelChart = {
  kind: 'panels',
  title: 'What threads and processes come to, by what they do and who executes it',
  columns: ['Computing: primes', 'Native code: sha256', 'Waiting: sleep'],
  groups: ['Node', 'CPython 3.11.2', 'CPython 3.14.1 (no GIL)', 'PyPy 3.9.16'].map((name) => ({
    name,
    bars: (['inline', 'threads', 'processes'] as const).map((model) => ({ name: model, model })),
  })),
  rows: [
    {
      value: measured('number', 'Speed-up over inline', '×'),
      isShared: false,
      panels: [
        [1, 7.71, 7.6, 1, 0.97, 7.52, 1, 7.32, 7.4, 1, 0.99, null],
        [1, 7.8, 7.7, 1, 7.66, 7.6, 1, 7.7, 7.6, 1, 7.2, 7.3],
        [1, 15.9, 15.8, 1, 15.8, 15.7, 1, 15.9, 15.7, 1, 15.6, 15.2],
      ].map((values, at) => {
        const workers = at === 2 ? 16 : 8
        return { values, mark: { value: workers, label: `${workers} workers` } }
      }),
    },
    {
      value: measured('number', 'Cores used'),
      isShared: true,
      panels: [
        [1, 7.9, 7.9, 1, 1.02, 7.8, 1, 7.7, 7.9, 1, 1.01, 7.8],
        [1, 7.9, 7.9, 1, 7.8, 7.8, 1, 7.8, 7.9, 1, 7.7, 7.8],
        [0.01, 0.08, 0.1, 0.01, 0.02, 0.1, 0.01, 0.02, 0.1, 0.01, 0.05, 0.2],
      ].map((values) => ({ values, mark: { value: 8, label: '8 cores' } })),
    },
    {
      value: measured('bytes', 'Memory per worker'),
      isShared: true,
      panels: [
        [4.9, 10.2, 18.1, 0.3, 0.2, 11.6, 0.4, 0.5, 12.1, 0.2, 0.7, 37.4],
        [9.6, 12.6, 21.3, 4.7, 2.6, 14.1, 4.7, 2.7, 14.4, 11.6, 6.4, 44.2],
        [1.7, 6.5, 11.9, 0.1, 0.1, 8.0, 0.1, 0.1, 8.4, 0.2, 0.1, 25.8],
      ].map((all) => ({ values: all.map((each) => each * MiB), mark: null })),
    },
  ],
}

export const lockFindings: Findings = {
  sentences: [
    'Under the lock threads take turns: computing (primes) by CPython 3.11.2 and PyPy 3.9.16, 8 threads use about one core (1.01 to 1.02) and are 0.97 to 0.99 times as fast as inline; 8 processes use about 8 cores (7.80).',
    'Without the lock threads compute at the same time: computing (primes) by CPython 3.14.1 (no GIL), 8 threads use about 8 cores (7.70) and are 7.3 times as fast as inline.',
    'Who waits holds no lock: waiting (sleep) by all of them, 16 threads are 15.6 to 15.9 times as fast as inline.',
  ],
  charts: [lockChart],
  tables: [],
  cautions: [
    'CPython 3.11.2 has no Cython: cython nogil and cython prange could not be tried. To try them: python3 -m pip install cython.',
  ],
}
