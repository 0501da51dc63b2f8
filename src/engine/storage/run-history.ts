import type { Database } from 'better-sqlite3'
import type { Environment } from '../../shared/model/environment.ts'
import type { MetricKey } from '../../shared/model/metric.ts'
import type { Configuration, MemoryBasis, RunStatus } from '../../shared/model/run.ts'
import { interpreterIn } from './interpreter-column.ts'
import { Statements } from './statements.ts'

/** One configuration of one run, as much of it as tells whether it belongs to a trend. */
export interface Execution {
  readonly configuration: Configuration
  readonly run: {
    readonly id: number
    readonly uid: string
    readonly label: string
    readonly status: RunStatus
    /** ms since the epoch. */
    readonly startedAt: number
    readonly importedAt: number | null
    readonly machine: string | null
    readonly seed: number
    readonly plan: { readonly tasks: number | null; readonly duration_s: number | null }
    /** Null where it was not read. */
    readonly environment: Pick<Environment, (typeof machineFields)[number]> | null
  }
}

/** A trial's value of a figure. */
export interface TrialFigure {
  readonly value: number
  readonly memoryBasis: MemoryBasis | null
}

const machineFields = [
  'cpu_model',
  'logical_cores',
  'usable_cores',
  'architecture',
  'os',
  'virtual_machine',
] as const

/** The same work over many runs: asked for with few statements, however many runs there are. */
export class RunHistory {
  readonly #statements: Statements

  constructor(database: Database) {
    this.#statements = new Statements(database)
  }

  /** Number of the run that others of its workload are held against; null where there is none. */
  baselineOf(workload: string): number | null {
    const [row] = this.#statements.rows<{ run_id: number }>(
      `SELECT run_id FROM baselines JOIN runs ON runs.id = run_id
       WHERE workload = ? AND deleted_at IS NULL`,
      workload,
    )
    return row?.run_id ?? null
  }

  /** All configurations that did a workload, in runs that are not put away: the oldest run first. */
  executions(workload: string): Execution[] {
    const fields = machineFields.map((name) => `'$.${name}'`).join(', ')
    const rows = this.#statements.rows<ExecutionRow>(
      `SELECT configurations.id AS configuration, parameters, content, runtime, interpreter, model,
              workers, scheduling, variant, runs.id AS run, uid, label, status, started_at, imported_at,
              json_extract(plan, '$.tasks', '$.duration_s', '$.seed') AS planned,
              CASE WHEN json_valid(document) THEN json_extract(document, '$.hostname', ${fields}) END
                AS machine
       FROM configurations
       JOIN runs ON runs.id = configurations.run_id
       LEFT JOIN environments ON environments.run_id = runs.id AND moment = 'before'
       WHERE workload = ? AND deleted_at IS NULL AND json_valid(plan)
       ORDER BY started_at, runs.id, configurations.id`,
      workload,
    )
    // Most runs were made on few machines.
    const machines = new Map<string, readonly unknown[]>()
    return rows.map((row) => asExecution(workload, row, machines))
  }

  /** What the trials of configurations that count have of a figure, by configuration, in their order. */
  figures(configurations: readonly number[], metric: MetricKey): Map<number, TrialFigure[]> {
    const rows = this.#statements.rows<TrialFigure & { configuration: number }>(
      `SELECT configuration_id AS configuration, value, memory_basis AS memoryBasis
       FROM trials JOIN metrics ON trial_id = trials.id AND key = ?
       WHERE configuration_id IN (SELECT value FROM json_each(?)) AND status = 'done' AND warm_up = 0
       ORDER BY trials.ordinal`,
      metric,
      JSON.stringify(configurations),
    )
    return Map.groupBy(rows, ({ configuration }) => configuration)
  }
}

type ExecutionRow = Omit<Configuration, 'id' | 'workload' | 'parameters' | 'interpreter'> & {
  readonly interpreter: string | null
  readonly configuration: number
  readonly parameters: string
  readonly run: number
  readonly uid: string
  readonly label: string
  readonly status: RunStatus
  readonly started_at: number
  readonly imported_at: number | null
  /** JSON: tasks, duration, seed. */
  readonly planned: string
  /** JSON: name of the machine, then what makes its class. */
  readonly machine: string | null
}

function asExecution(
  workload: string,
  row: ExecutionRow,
  machines: Map<string, readonly unknown[]>,
): Execution {
  const { runtime, model, workers, scheduling, variant, content } = row
  const interpreter = interpreterIn(row.interpreter)
  const way = { runtime, interpreter, model, workers, scheduling, variant, content }
  const [tasks, duration_s, seed] = JSON.parse(row.planned)
  const [machine, environment] = machineOf(row.machine, machines)
  return {
    configuration: {
      id: row.configuration,
      workload,
      parameters: JSON.parse(row.parameters),
      ...way,
    },
    run: {
      id: row.run,
      uid: row.uid,
      label: row.label,
      status: row.status,
      startedAt: row.started_at,
      importedAt: row.imported_at,
      machine,
      seed,
      plan: { tasks, duration_s },
      environment,
    },
  }
}

function machineOf(
  kept: string | null,
  machines: Map<string, readonly unknown[]>,
): [string | null, Execution['run']['environment']] {
  if (kept === null) return [null, null]
  let values = machines.get(kept)
  if (values === undefined) {
    values = JSON.parse(kept) as unknown[]
    machines.set(kept, values)
  }
  const [hostname, ...fields] = values
  const environment = Object.fromEntries(
    machineFields.map((name, at) => [name, fields[at] ?? null]),
  )
  return [hostname as string | null, environment as unknown as Execution['run']['environment']]
}
