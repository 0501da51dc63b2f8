import type { Axis, Panel, PanelChart, PanelRow } from '../../shared/model/chart.ts'
import { models, modelTraits } from '../../shared/model/execution-model.ts'
import type { ExperimentRun } from './experiment.ts'
import { byExecutor, type LockSeen } from './gil-seen.ts'
import { lockWorks } from './gil-work.ts'

const speedUp: Axis = {
  label: 'Speed-up over inline',
  unit: '×',
  scale: 'linear',
  quantity: 'number',
}
const coresUsed: Axis = { label: 'Cores used', unit: '', scale: 'linear', quantity: 'number' }
const memory: Axis = { label: 'Memory per worker', unit: '', scale: 'linear', quantity: 'bytes' }

/** What is measured of each bar, and how. */
const measures: readonly {
  readonly value: Axis
  of(each: LockSeen): number | null
}[] = [
  { value: speedUp, of: (each) => each.speedUp },
  { value: coresUsed, of: (each) => each.median('cores_used') },
  { value: memory, of: (each) => each.median('memory_per_worker_bytes') },
]

/** Everything at once: a column for each kind of work, a row for each measure, a bar for each way. */
export function lockChart({ environment }: ExperimentRun, seen: readonly LockSeen[]): PanelChart {
  const plain = seen.filter(({ kernel }) => kernel === null)
  const works = lockWorks.filter((work) => plain.some((each) => each.work === work))
  const executors = byExecutor(plain)
  // While it runs, what is measured first has no place of its own.
  const ways = executors.map((own) =>
    [...Map.groupBy(own, wayOf).values()].sort(([a], [b]) => placeOf(a) - placeOf(b)),
  )
  const cores = environment?.usable_cores ?? null
  return {
    kind: 'panels',
    title: 'What threads and processes come to, by what they do and who executes it',
    columns: works.map(({ title }) => title),
    groups: executors.map((own, at) => ({
      name: own[0]?.executor ?? '',
      bars: (ways[at] ?? []).flatMap(([first]) =>
        first === undefined
          ? []
          : [{ name: wayOf(first), model: first.summary.configuration.model }],
      ),
    })),
    rows: measures.map(({ value, of }): PanelRow => {
      return {
        value,
        // Who waits is not held back by a lack of cores: its speed-up has another size.
        isShared: value !== speedUp,
        panels: works.map((work) => {
          const own = plain.filter((each) => each.work === work)
          return {
            values: ways.flat().map((alike) => {
              const each = alike.find((one) => one.work === work)
              return each === undefined ? null : of(each)
            }),
            mark: markOf(value, workersOf(own), cores),
          }
        }),
      }
    }),
  }
}

function placeOf(each: LockSeen | undefined): number {
  return each === undefined ? 0 : models.indexOf(each.summary.configuration.model)
}

const rate: Axis = {
  label: 'Throughput',
  unit: 'tasks/s',
  scale: 'logarithmic',
  quantity: 'number',
}

/** The compiled kernels beside the plain one that they stand in for; null where none was run. */
export function kernelChart(
  { environment }: ExperimentRun,
  seen: readonly LockSeen[],
): PanelChart | null {
  const [computing] = lockWorks
  const compiledBy = new Set(seen.flatMap(({ kernel, key }) => (kernel === null ? [] : [key])))
  if (compiledBy.size === 0 || computing === undefined) return null
  const own = seen.filter(
    ({ key, work, summary }) =>
      compiledBy.has(key) &&
      work === computing &&
      modelTraits[summary.configuration.model].family !== 'processes',
  )
  const executors = byExecutor(own)
  const all = executors.flat()
  const cores = environment?.usable_cores ?? null
  const row = (value: Axis, of: (each: LockSeen) => number | null): PanelRow => ({
    value,
    isShared: true,
    panels: [{ values: all.map(of), mark: markOf(value, workersOf(own), cores) }],
  })
  return {
    kind: 'panels',
    title: 'The same computing (primes) in kernels that are compiled',
    columns: [computing.title],
    groups: executors.map((each) => ({
      name: each[0]?.executor ?? '',
      bars: each.map(({ kernel, summary: { configuration } }) => ({
        name: `${kernel ?? 'plain'}, ${configuration.model}`,
        model: configuration.model,
      })),
    })),
    rows: [
      row(speedUp, (each) => each.speedUp),
      row(coresUsed, (each) => each.median('cores_used')),
      row(rate, (each) => each.median('throughput_per_s')),
    ],
  }
}

/** What could be reached: as many times as there are workers, as many cores as there are for them. */
function markOf(value: Axis, workers: number, cores: number | null): Panel['mark'] {
  if (workers < 2) return null
  if (value === speedUp) return { value: workers, label: `${workers} workers` }
  if (value !== coresUsed) return null
  const most = Math.min(workers, cores ?? workers)
  return { value: most, label: most === 1 ? '1 core' : `${most} cores` }
}

function workersOf(seen: readonly LockSeen[]): number {
  return Math.max(1, ...seen.map(({ summary }) => summary.configuration.workers))
}

/** What its bar is named: the number of workers differs from work to work. */
function wayOf({ summary: { configuration } }: LockSeen): string {
  const { model, variant } = configuration
  return variant === null || variant === 'spawn' ? model : `${model}, ${variant}`
}
