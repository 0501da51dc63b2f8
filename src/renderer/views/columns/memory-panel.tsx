import { formatBytes, formatRatio } from '../../../shared/format.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import { type MemoryMeasure, memoryMeasures } from '../../../shared/tally.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import {
  largestOf,
  type MemoryRow,
  type MemorySide,
  memoryRatios,
  memoryRows,
  memorySentences,
} from './memory-figures.ts'

type What = 'peak' | 'perWorker'

const captions: Readonly<Record<What, { readonly title: string; readonly about: string }>> = {
  peak: { title: 'At the peak', about: 'host and workers together' },
  perWorker: { title: 'For each worker', about: 'what the peak is above the host alone / workers' },
}

const abouts: Readonly<Record<MemoryMeasure, string>> = {
  rss: 'resident: shared pages count each time',
  pss: 'proportional: shared pages are split',
  uss: 'private: shared pages do not count',
}

/** What the models take of memory, by three measures that tell different things, and why. */
export function MemoryPanel({
  sides,
  isRunning,
}: {
  readonly sides: readonly MemorySide[]
  /** Trials are still to come. */
  readonly isRunning: boolean
}) {
  const rows = memoryRows(sides)
  const none = isRunning ? 'after a trial of it' : 'no trial counts'
  const counts = rows.map(({ trials }) => trials)
  const trials = [...new Set(counts)].join(' and ')
  return (
    <section className="memory" aria-label="Memory">
      <header className="memory-head">
        <h2>Memory</h2>
        {Math.max(...counts) > 0 && (
          <span className="hint">medians of {trials === '1' ? '1 trial' : `${trials} trials`}</span>
        )}
      </header>
      <div className="memory-tables">
        <MemoryTable what="peak" rows={rows} none={none} />
        <MemoryTable what="perWorker" rows={rows} none={none} />
      </div>
      <p className="memory-words">{memorySentences(rows).join(' ')}</p>
    </section>
  )
}

/** One row a model, one column a measure; all bars have one scale. */
function MemoryTable({
  what,
  rows,
  none,
}: {
  readonly what: What
  readonly rows: readonly MemoryRow[]
  /** What is said where no trial counts. */
  readonly none: string
}) {
  const most = largestOf(rows, what)
  const ratios = memoryRatios(rows)
  return (
    <table className="memory-table" data-executors={rows.some(({ executor }) => executor !== null)}>
      <caption>
        {captions[what].title} <span className="unit">{captions[what].about}</span>
      </caption>
      <thead>
        <tr>
          <td />
          {memoryMeasures.map((measure) => (
            <th key={measure} scope="col" data-measure={measure} title={abouts[measure]}>
              {measure.toUpperCase()}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} data-model={modelTraits[row.model].family}>
            <th scope="row" title={row.words}>
              <ModelIcon model={row.model} /> {row.words}
            </th>
            {memoryMeasures.map((measure) => (
              <td key={measure} data-measure={measure}>
                <Figure
                  bytes={row[what][measure]}
                  most={most}
                  none={row.trials === 0 ? none : 'not available here'}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {ratios.length > 0 && (
        <tfoot>
          {ratios.map(({ executor, [what]: over }) => (
            <tr key={executor}>
              <th scope="row">{executor === null ? '' : `${executor}: `}processes ÷ threads</th>
              {memoryMeasures.map((measure) => (
                <td key={measure} data-measure={measure}>
                  {over[measure] === null ? (
                    <span className="unit">not known</span>
                  ) : (
                    formatRatio(over[measure])
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tfoot>
      )}
    </table>
  )
}

function Figure({
  bytes,
  most,
  none,
}: {
  readonly bytes: number | null
  readonly most: number
  readonly none: string
}) {
  if (bytes === null) return <span className="unit">{none}</span>
  return (
    <>
      {formatBytes(bytes)}
      <i
        className="memory-bar"
        style={{ width: `${most > 0 ? (Math.max(0, bytes) / most) * 100 : 0}%` }}
      />
    </>
  )
}
