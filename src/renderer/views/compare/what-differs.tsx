import type { ComparedSide, WhatDiffers } from '../../../shared/model/run-comparison.ts'
import { SideBadge } from './side-legend.tsx'

const titles: Readonly<Record<WhatDiffers['about'], string>> = {
  configuration: 'Configuration',
  plan: 'Plan',
  environment: 'Environment',
}

/** What is not the same on all sides; the rest is. */
export function WhatDiffersTable({
  sides,
  differs,
}: {
  readonly sides: readonly ComparedSide[]
  readonly differs: readonly WhatDiffers[]
}) {
  const groups = Map.groupBy(differs, ({ about }) => about)
  return (
    <section className="sheet" aria-labelledby="differs-title">
      <h2 id="differs-title">What differs</h2>
      {differs.length === 0 ? (
        <p className="hint">Nothing: configuration, plan and environment are the same.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to scroll by keyboard too.
        <section className="figures-frame" tabIndex={0} aria-label="What differs, as a table">
          <table className="finding-table sides-table">
            <thead>
              <tr>
                <th scope="col">
                  <span className="for-readers">What</span>
                </th>
                {sides.map(({ letter }) => (
                  <th key={letter} scope="col">
                    <SideBadge letter={letter} />
                  </th>
                ))}
              </tr>
            </thead>
            {[...groups].map(([about, rows]) => (
              <tbody key={about}>
                <tr className="group-row">
                  <th scope="rowgroup" colSpan={sides.length + 1}>
                    {titles[about]}
                  </th>
                </tr>
                {rows.map(({ name, values }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    {sides.map(({ letter }, at) => (
                      <Value
                        key={letter}
                        value={values[at] ?? null}
                        // Another workload has no such parameter; of a machine something may not have been had.
                        absent={about === 'environment' ? 'not known' : '–'}
                        first={values[0] ?? null}
                        at={at}
                      />
                    ))}
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </section>
      )}
    </section>
  )
}

/** What is not as on the reference stands out. */
function Value({
  value,
  absent,
  first,
  at,
}: {
  readonly value: string | null
  readonly absent: string
  readonly first: string | null
  readonly at: number
}) {
  const isOther = at > 0 && value !== first
  return (
    <td data-other={isOther} dir="auto" title={value ?? undefined}>
      {value === null ? (
        <span className="unit">{absent}</span>
      ) : (
        <span className="differs-value few-lines">{value}</span>
      )}
    </td>
  )
}
