import { Readable } from 'node:stream'
import type { ExportRequest, ImportOutcome } from '../../shared/contract.ts'
import { nothingCompared } from '../../shared/model/comparison.ts'
import { LabError } from '../../shared/model/problem.ts'
import type { Run } from '../../shared/model/run.ts'
import type { NamedChart } from '../../shared/model/run-comparison.ts'
import type { DatabaseConnection } from './database-connection.ts'
import { isReportForm, type Reports } from './reports.ts'
import type { SavedRuns } from './saved-runs.ts'

/** What an export is told of while it is written. */
export interface ExportListener {
  readonly signal?: AbortSignal
  /** @param share 0–1; null while it is not known how much there is */
  readonly progress?: (share: number | null) => void
}

/** Runs and comparisons taken away as files, and brought in from elsewhere. */
export class Exchange {
  readonly #connection: DatabaseConnection
  readonly #saved: SavedRuns
  readonly #reports: Reports

  constructor(connection: DatabaseConnection, saved: SavedRuns, reports: Reports) {
    this.#connection = connection
    this.#saved = saved
    this.#reports = reports
  }

  /**
   * Something in one of its forms, as a stream; the database is held open until it has ended.
   *
   * @throws LabError `bad-input` where there is no such form of it, or no such chart
   */
  async export(request: ExportRequest, _listener: ExportListener = {}): Promise<Readable> {
    const { of, form } = request
    if (isReportForm(form)) return Readable.from([await this.#reports.make({ ...request, form })])
    if (!('run' in of)) throw new LabError('internal', 'not built yet')
    const [run, { exportStream }] = await Promise.all([
      this.#saved.run(of.run),
      import('../reports/run-export.ts'),
    ])
    const isDocument = form === 'run.json'
    const summaries = isDocument ? await this.#saved.summarize(run) : []
    const comparison = isDocument ? await this.#saved.compare(run) : nothingCompared
    const findings = isDocument ? await this.#saved.findings(run) : null
    const storage = await this.#connection.openAnother('read')
    const { library } = storage
    const samplesOf = (trialId: number) => library.samples(trialId)
    const stream = exportStream(run, summaries, comparison, findings, samplesOf, form)
    return stream.once('close', () => storage.close())
  }

  /** A run as one JSON document. */
  async document(run: Run): Promise<object> {
    const { runDocument } = await import('../reports/run-document.ts')
    return runDocument(
      run,
      await this.#saved.summarize(run),
      await this.#saved.compare(run),
      await this.#saved.findings(run),
    )
  }

  /**
   * Writes a run's tables into a folder.
   *
   * @returns the paths of the files
   */
  async exportCsv(run: Run, folder: string): Promise<string[]> {
    const { csvTables, writeCsv } = await import('../reports/csv.ts')
    // A connection of its own: samples are read while the files are written, and a run may go on.
    const storage = await this.#connection.openAnother('read')
    const { library } = storage
    try {
      return await writeCsv(
        csvTables(run, (trialId) => library.samples(trialId)),
        folder,
      )
    } finally {
      storage.close()
    }
  }

  /** The charts of a run, in the order in which a report shows them. */
  charts(run: Run): Promise<readonly NamedChart[]> {
    return this.#reports.charts(run)
  }

  /**
   * Brings in a run that was exported as JSON, here or elsewhere.
   *
   * @throws LabError `bad-input`, where it is none
   */
  import(_source: Readable, _name: string): Promise<ImportOutcome> {
    throw new LabError('internal', 'not built yet')
  }
}
