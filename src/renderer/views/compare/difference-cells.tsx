import { formatInterval, formatProbability, formatRatio } from '../../../shared/format.ts'
import type { Difference } from '../../../shared/model/comparison.ts'
import { SideBadge } from './side-legend.tsx'

interface Compared {
  /** Undefined where a side has no such figure. */
  readonly difference: Difference | undefined
  /** Letters of the sides. */
  readonly a: string
  readonly b: string
}

/** A pair's ratio, interval, p and verdict, each in a cell of its own. */
export function DifferenceCells({ difference, a, b }: Compared) {
  if (difference === undefined) {
    return (
      <>
        <td data-is-figure="true">–</td>
        <td data-is-figure="true">–</td>
        <td data-is-figure="true">–</td>
        <td className="unit">no ratio</td>
      </>
    )
  }
  const { ratio, ci95, p, cliffs_delta: delta } = difference
  return (
    <>
      <td data-is-figure="true">
        <b>{formatRatio(ratio)}</b>
      </td>
      <td data-is-figure="true">{ci95 === null ? '–' : formatInterval(ci95)}</td>
      <td
        data-is-figure="true"
        title={delta === null ? undefined : `Cliff’s delta ${delta.toFixed(2)}`}
      >
        {p === null ? '–' : formatProbability(p)}
      </td>
      <td>
        <SideVerdict difference={difference} a={a} b={b} />
      </td>
    </>
  )
}

/** The same in one cell, where many pairs stand beside each other. */
export function PairCell({ difference, a, b }: Compared) {
  if (difference === undefined) {
    return (
      <td data-is-figure="true" className="unit">
        no ratio
      </td>
    )
  }
  const { ratio, ci95, p } = difference
  return (
    <td data-is-figure="true" className="pair-cell">
      <b>{formatRatio(ratio)}</b>
      {ci95 !== null && <span className="unit"> ({formatInterval(ci95)})</span>}
      <span className="pair-verdict">
        {p !== null && <span className="unit">{probabilityWords(p)} </span>}
        <SideVerdict difference={difference} a={a} b={b} />
      </span>
    </td>
  )
}

export function probabilityWords(p: number): string {
  const text = formatProbability(p)
  return text.startsWith('<') ? `p ${text}` : `p = ${text}`
}

/** Which side is the better one, or why none is named. */
function SideVerdict({
  difference: { verdict },
  a,
  b,
}: {
  readonly difference: Difference
  readonly a: string
  readonly b: string
}) {
  if (verdict === null) {
    return (
      <span className="unit" title="Neither more nor less of it is better">
        –
      </span>
    )
  }
  if (verdict !== 'a' && verdict !== 'b') return <span className="unit">{verdict}</span>
  return (
    <span className="side-verdict">
      <SideBadge letter={verdict === 'a' ? a : b} /> better
    </span>
  )
}
