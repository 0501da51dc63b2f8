import type { Database } from 'better-sqlite3'
import type { SampleStream } from '../../shared/model/sample.ts'
import type { RecordedSamples, TaskSpans } from '../../shared/recorded.ts'
import type { TimelineData } from '../../shared/timeline.ts'
import { unpackOverview } from './overview-codec.ts'
import { unpackColumns } from './sample-codec.ts'
import { Statements } from './statements.ts'
import { unpackTaskSpans } from './task-span-codec.ts'

/** What was recorded of trials, as it is kept: for exports, which take all of it. */
export class RecordedTrials {
  readonly #statements: Statements

  constructor(database: Database) {
    this.#statements = new Statements(database)
  }

  /** How many samples are kept of a run. */
  countSamples(runId: number): number {
    const [{ samples }] = this.#statements.rows<{ samples: number | null }>(
      `SELECT sum(samples) AS samples
       FROM sample_chunks JOIN trials ON trials.id = trial_id WHERE run_id = ?`,
      runId,
    ) as [{ samples: number | null }]
    return samples ?? 0
  }

  /** Samples of a trial, chunk by chunk as they are kept. */
  *samples(trialId: number): Generator<RecordedSamples> {
    const chunks = this.#statements
      .get('SELECT stream, data FROM sample_chunks WHERE trial_id = ? ORDER BY ordinal')
      .iterate(trialId) as Iterable<{ stream: SampleStream; data: Buffer }>
    for (const { stream, data } of chunks) {
      const { columns, ...times } = unpackColumns(data)
      yield { stream, ...times, values: columns }
    }
  }

  /** When the tasks of a trial's workers began and ended; of a worker whose tasks were not timed nothing. */
  *taskSpans(trialId: number): Generator<TaskSpans> {
    const rows = this.#statements
      .get('SELECT worker, tasks, data FROM task_spans WHERE trial_id = ? ORDER BY worker')
      .iterate(trialId) as Iterable<{ worker: number; tasks: number; data: Buffer }>
    for (const { data, ...row } of rows) yield { ...row, ...unpackTaskSpans(data) }
  }

  /** A trial over time as it was kept at its end; null where it was not. */
  overview(trialId: number): TimelineData | null {
    const [row] = this.#statements.rows<{ data: Buffer }>(
      'SELECT data FROM overviews WHERE trial_id = ?',
      trialId,
    )
    return row === undefined ? null : unpackOverview(row.data)
  }
}
