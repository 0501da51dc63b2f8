import { Info, TriangleAlert } from 'lucide-react'
import type { Comparison } from '../../../shared/model/comparison.ts'
import type { Warning } from '../../../shared/model/environment.ts'
import type { EndedRun } from '../../../shared/model/run.ts'

/** What the run says, in plain words, and what makes it less sure. */
export function Verdict({
  run,
  comparison,
  isExperiment = false,
}: {
  readonly run: Pick<EndedRun, 'status' | 'reason' | 'warnings'>
  readonly comparison: Comparison
  /** What it has shown is said elsewhere. */
  readonly isExperiment?: boolean
}) {
  const { sentences } = comparison
  if (isExperiment && run.status !== 'failed' && sentences.length + run.warnings.length === 0) {
    return null
  }
  return (
    <section className="verdict" aria-label="What the run says">
      {run.status === 'failed' && (
        <p className="problem">
          <TriangleAlert size={16} /> The run failed: {run.reason}. What was measured before is
          kept.
        </p>
      )}
      <Folded most={mostSentences} what="sentences">
        {sentences.map((sentence) => (
          <p key={sentence} className="sentence">
            {sentence}
          </p>
        ))}
      </Folded>
      {sentences.length === 0 && run.status !== 'failed' && !isExperiment && (
        <p className="sentence">
          There is nothing to compare: it takes a counted trial of two models.
        </p>
      )}
      <Warnings warnings={run.warnings} />
    </section>
  )
}

/** What is known already while the run goes on. */
export function EarlyWarnings({ warnings }: { readonly warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null
  return (
    <section className="verdict" aria-label="What makes the figures less sure">
      <Warnings warnings={warnings} />
    </section>
  )
}

function Warnings({ warnings }: { readonly warnings: readonly Warning[] }) {
  return (
    <Folded most={mostWarnings} what="warnings">
      {warnings.map(({ code, message }) => (
        <p key={code + message} className="warning">
          <Info size={14} /> {message}
        </p>
      ))}
    </Folded>
  )
}

/** A run in several interpreters has more to say than one reads at once: the rest is folded away. */
const mostSentences = 8
const mostWarnings = 6

function Folded({
  most,
  what,
  children,
}: {
  readonly most: number
  /** What they are, several of them. */
  readonly what: string
  readonly children: readonly React.ReactNode[]
}) {
  const rest = children.length - most
  // One line more takes no more room than the words for it.
  if (rest < 2) return children
  return (
    <>
      {children.slice(0, most)}
      <details className="more">
        <summary>
          {rest} more {what}
        </summary>
        <div className="verdict-more">{children.slice(most)}</div>
      </details>
    </>
  )
}
