import { formatStored } from '../../../shared/format.ts'
import type { LibraryState } from '../../../shared/model/library.ts'

/** What the database takes, and what of it is what. */
export function StorageFigures({ state }: { readonly state: LibraryState }) {
  const { path, size_bytes, sample_bytes, reclaimable_bytes, runs, runs_away } = state
  const size = size_bytes ?? 0
  const samples = Math.min(sample_bytes, size)
  const free = Math.min(reclaimable_bytes, size - samples)
  return (
    <>
      {size > 0 && (
        <svg
          className="storage-bar"
          viewBox="0 0 100 6"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <rect className="storage-samples" width={share(samples, size)} height="6" />
          <rect
            className="storage-rest"
            x={share(samples, size)}
            width={share(size - samples - free, size)}
            height="6"
          />
        </svg>
      )}
      <dl className="storage-figures">
        <Figure name="All files" value={size_bytes === null ? 'none yet' : formatStored(size)}>
          {runs.toLocaleString('en-US')} {runs === 1 ? 'run' : 'runs'}
          {runs_away > 0 &&
            `, ${runs_away.toLocaleString('en-US')} deleted that can be brought back`}
        </Figure>
        <Figure name="Samples" value={formatStored(sample_bytes)} mark="samples">
          cores and memory over time
        </Figure>
        <Figure name="Results" value={formatStored(size - samples - free)} mark="rest">
          trials, figures, overviews; never thinned
        </Figure>
        <Figure name="Free" value={formatStored(reclaimable_bytes)} mark="free">
          given back by compacting, at least
        </Figure>
      </dl>
      <p className="hint storage-path" title={path}>
        {path}
      </p>
    </>
  )
}

function share(part: number, whole: number): number {
  return (100 * part) / whole
}

function Figure({
  name,
  value,
  mark,
  children,
}: {
  readonly name: string
  readonly value: string
  /** Its colour in the bar. */
  readonly mark?: string
  readonly children: React.ReactNode
}) {
  return (
    <div>
      <dt>
        {mark !== undefined && <span className="storage-mark" data-mark={mark} />}
        {name} <span className="unit">{children}</span>
      </dt>
      <dd>{value}</dd>
    </div>
  )
}
