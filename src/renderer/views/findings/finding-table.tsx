import { Check, X } from 'lucide-react'
import { useId } from 'react'
import { isFigures } from '../../../shared/chart-figures.ts'
import type { FindingTable, TableCell } from '../../../shared/model/findings.ts'

/** A table in words; how a cell is to be taken is said by a sign as well as by its colour. */
export function FindingTableView({ table }: { readonly table: FindingTable }) {
  const title = useId()
  const figures = table.columns.map(
    (_, at) => at > 0 && isFigures(table.rows.map((row) => row[at]?.text ?? '')),
  )
  return (
    <div className="finding">
      <h3 id={title}>{table.title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to scroll by keyboard too. */}
      <section className="figures-frame" tabIndex={0} aria-labelledby={title}>
        <table className="finding-table">
          <thead>
            <tr>
              {table.columns.map((name, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns may be named alike.
                <th key={at} scope="col" data-is-figure={figures[at]}>
                  {name === '' ? <span className="for-readers">Name</span> : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map(([name, ...cells], row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows may be named alike.
              <tr key={row}>
                <th scope="row">{name === undefined ? '' : <Toned cell={name} />}</th>
                {cells.map((cell, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place.
                  <td key={at} data-is-figure={figures[at + 1]}>
                    <Toned cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

function Toned({ cell: { text, tone } }: { readonly cell: TableCell }) {
  if (tone === 'plain') return text
  return (
    <span className="toned" data-tone={tone}>
      {tone === 'good' ? (
        <Check size={14} aria-hidden="true" />
      ) : (
        <X size={14} aria-hidden="true" />
      )}
      {text}
    </span>
  )
}
