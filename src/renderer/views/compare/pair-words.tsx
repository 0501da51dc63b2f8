import { Ban, Info } from 'lucide-react'
import type { RunComparison } from '../../../shared/model/run-comparison.ts'
import { SideBadge } from './side-legend.tsx'

/** What the figures say, what was refused and why, and what makes it less sure. */
export function PairWords({
  comparison: { sides, pairs, cautions, across_machines },
}: {
  readonly comparison: RunComparison
}) {
  const letterOf = (side: number) => sides[side]?.letter ?? ''
  const refused = pairs.filter((pair) => pair.refused.length > 0)
  const said = pairs.filter(({ sentence }) => sentence !== null)
  return (
    <section className="verdict" aria-label="What the figures say">
      {said.map(({ a, b, sentence }) => (
        <p key={`${a} ${b}`} className="sentence pair-sentence">
          <PairBadge a={letterOf(a)} b={letterOf(b)} />
          <span>{sentence}</span>
        </p>
      ))}
      {said.length === 0 && refused.length === 0 && (
        <p className="sentence">The figures say nothing that can be relied on.</p>
      )}
      {refused.length > 0 && (
        <ul className="refused" aria-label="Not compared">
          {refused.map(({ a, b, refused: reasons }) => (
            <li key={`${a} ${b}`} className="refused-pair">
              <Ban size={16} aria-hidden="true" />
              <div>
                <p>
                  <PairBadge a={letterOf(a)} b={letterOf(b)} /> are not compared:
                </p>
                <ul>
                  {reasons.map((reason) => (
                    <li key={reason}>{reason}</li>
                  ))}
                </ul>
              </div>
            </li>
          ))}
        </ul>
      )}
      {across_machines && (
        <p className="hint">
          The machine is one of the things that are compared: what differs may be due to it.
        </p>
      )}
      <Cautions cautions={cautions.slice(0, openCautions)} />
      {cautions.length > openCautions && (
        <details className="more-cautions">
          <summary>
            {cautions.length === openCautions + 1
              ? '1 more note'
              : `${cautions.length - openCautions} more notes`}
          </summary>
          <Cautions cautions={cautions.slice(openCautions)} />
        </details>
      )}
    </section>
  )
}

/** Runs of a busy machine warn of each of their configurations: what the figures are is not pushed away. */
const openCautions = 4

function Cautions({ cautions }: Pick<RunComparison, 'cautions'>) {
  return cautions.map((caution) => (
    <p key={caution} className="warning">
      <Info size={14} /> {caution}
    </p>
  ))
}

function PairBadge({ a, b }: { readonly a: string; readonly b: string }) {
  return (
    <span className="pair-badge">
      <SideBadge letter={b} /> <span className="for-readers">and</span>
      <span aria-hidden="true">÷</span> <SideBadge letter={a} />
    </span>
  )
}
