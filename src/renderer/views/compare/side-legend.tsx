import { type SeriesLook, sideLetter } from '../../../shared/drawing/series-look.ts'
import { SeriesKey } from '../findings/legend.tsx'

interface Named {
  readonly name: string
  readonly side: number | null
  readonly look: SeriesLook | undefined
}

/** Which line is which: by letter, colour and dash. */
export function SideLegend({ items }: { readonly items: readonly Named[] }) {
  return items.map(({ name, side, look }, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines may be named alike.
    <li key={at}>
      {look !== undefined && <SeriesKey look={look} />}
      <SideName name={name} side={side} />
    </li>
  ))
}

/** A line by its key and its name, where it is read. */
export function SideRowName({ name, side, look }: Named) {
  return (
    <span className="read-name">
      {look !== undefined && <SeriesKey look={look} />}
      <SideName name={name} side={side} />
    </span>
  )
}

/** A name with the letter of its side, unless it begins with that. */
function SideName({ name, side }: { readonly name: string; readonly side: number | null }) {
  const letter = side === null ? null : sideLetter(side)
  const hasLetter = letter === null || new RegExp(`^${letter}\\b`).test(name)
  return (
    <span className="side-name" title={name} dir="auto">
      {!hasLetter && <b>{letter} </b>}
      {name}
    </span>
  )
}

/** The letter of a side, as the charts have it. */
export function SideBadge({ letter }: { readonly letter: string }) {
  return <b className="side-badge">{letter}</b>
}
