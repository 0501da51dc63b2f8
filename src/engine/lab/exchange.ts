import { addAbortSignal, Readable } from 'node:stream'
import type {
  ComparisonRequest,
  ExportForm,
  ExportRequest,
  ImportOutcome,
} from '../../shared/contract.ts'
import { LabError } from '../../shared/model/problem.ts'
import type { Run } from '../../shared/model/run.ts'
import type { NamedChart } from '../../shared/model/run-comparison.ts'
import type { RecordedOf } from '../reports/run-document.ts'
import type { ExportedRun } from '../reports/run-export.ts'
import type { RecordedTrials } from '../storage/recorded-trials.ts'
import type { Comparisons } from './comparisons.ts'
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
  readonly #comparisons: Comparisons
  readonly #reports: Reports

  constructor(
    connection: DatabaseConnection,
    saved: SavedRuns,
    comparisons: Comparisons,
    reports: Reports,
  ) {
    this.#comparisons = comparisons
    this.#connection = connection
    this.#saved = saved
    this.#reports = reports
  }

  /**
   * Something in one of its forms, as a stream; the database is held open until it has ended. Where the
   * listener's signal is aborted, the stream breaks off.
   *
   * @throws LabError `bad-input` where there is no such form of it, or no such chart
   */
  async export(request: ExportRequest, listener: ExportListener = {}): Promise<Readable> {
    const { of, form } = request
    if (isReportForm(form)) {
      // In one piece, and as bytes: what is a text to a stream is a piece of one to a reader.
      return Readable.from([Buffer.from(await this.#reports.make({ ...request, form }))])
    }
    if (!('run' in of)) return this.#exportComparison(of, form)
    const storage = await this.#connection.openAnother('read')
    try {
      storage.hold()
      const run = await this.#saved.run(of.run)
      const [exported, { exportPieces }, { textStream }] = await Promise.all([
        this.#exported(run),
        import('../reports/run-export.ts'),
        import('../reports/text-stream.ts'),
      ])
      const pieces = exportPieces(exported, form, followed(storage.recorded, run.id, listener))
      if (pieces === null) throw new LabError('bad-input', `a run has no ${form}`)
      const stream = textStream(pieces).once('close', () => storage.close())
      // Broken off before anybody reads it: who reads it then is told all the same.
      stream.on('error', () => {})
      return listener.signal === undefined ? stream : addAbortSignal(listener.signal, stream)
    } catch (error) {
      storage.close()
      throw error
    }
  }

  async #exportComparison(
    { sides, across_machines }: ComparisonRequest,
    form: ExportForm,
  ): Promise<Readable> {
    const [comparison, { comparisonPieces }, { textStream }] = await Promise.all([
      this.#comparisons.between(sides, across_machines),
      import('../reports/run-export.ts'),
      import('../reports/text-stream.ts'),
    ])
    const pieces = comparisonPieces(comparison, form)
    if (pieces === null) throw new LabError('bad-input', `a comparison has no ${form}`)
    return textStream(pieces)
  }

  /** A run as one JSON document, without what was recorded of its trials. */
  async document(run: Run): Promise<object> {
    const { runDocument } = await import('../reports/run-document.ts')
    const { summaries, comparison, findings } = await this.#exported(run)
    return runDocument(run, summaries, comparison, findings)
  }

  /**
   * Writes a run's tables into a folder.
   *
   * @returns the paths of the files
   */
  async exportCsv(run: Run, folder: string, listener: ExportListener = {}): Promise<string[]> {
    const { csvTables, writeCsv } = await import('../reports/csv.ts')
    const exported = await this.#exported(run)
    // A connection of its own: samples are read while the files are written, and a run may go on.
    const storage = await this.#connection.openAnother('read')
    try {
      storage.hold()
      const { samples } = followed(storage.recorded, run.id, listener)
      return await writeCsv(csvTables(run, { ...exported, samples }), folder, listener.signal)
    } finally {
      storage.close()
    }
  }

  async #exported(run: Run): Promise<ExportedRun> {
    const [summaries, comparison, findings] = await Promise.all([
      this.#saved.summarize(run),
      this.#saved.compare(run),
      this.#saved.findings(run),
    ])
    return { run, summaries, comparison, findings }
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
  async import(source: AsyncIterable<unknown>, name: string): Promise<ImportOutcome> {
    const [{ readRun }, { foreignRun }] = await Promise.all([
      import('../imports/run-import.ts'),
      import('../imports/foreign-run.ts'),
    ])
    // Of its own: what waits in temporary tables is gone with it.
    const storage = await this.#connection.openAnother('write')
    try {
      const intake = storage.within(() => storage.intake())
      const read = await readRun(source, name, {
        keepSamples: (...part) => storage.within(() => intake.keepSamples(...part)),
        keepTaskSpans: (...part) => storage.within(() => intake.keepTaskSpans(...part)),
        keepOverview: (...part) => storage.within(() => intake.keepOverview(...part)),
      })
      return storage.within(() => intake.commit(foreignRun(read, Date.now())))
    } finally {
      storage.close()
    }
  }
}

/** Least time between two words of how far it has come, in ms. */
const progressMs = 100

/** What was recorded, and how much of its samples has been read told on the way. */
function followed(
  recorded: RecordedTrials,
  runId: number,
  { progress }: ExportListener,
): RecordedOf {
  const all = progress === undefined ? 0 : recorded.countSamples(runId)
  let read = 0
  let toldAt = 0
  return {
    taskSpans: (id) => recorded.taskSpans(id),
    overview: (id) => recorded.overview(id),
    *samples(id) {
      for (const chunk of recorded.samples(id)) {
        yield chunk
        read += chunk.t_ms.length
        const now = performance.now()
        if (progress === undefined || now - toldAt < progressMs) continue
        toldAt = now
        progress(Math.min(1, read / all))
      }
    },
  }
}
