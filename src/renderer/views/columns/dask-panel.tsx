import type { FindingTable } from '../../../shared/model/findings.ts'
import { FindingTableView } from '../findings/finding-table.tsx'

/** What Dask tells of itself, under the columns of its run; nothing where it told nothing. */
export function DaskPanel({ table }: { readonly table: FindingTable | null }) {
  if (table === null) return null
  return (
    <section className="findings dask-figures" aria-label="Dask">
      <FindingTableView table={table} />
    </section>
  )
}
