import { Undo2 } from 'lucide-react'
import type { ExperimentDescription } from '../../../shared/model/experiment.ts'
import { Wrong } from '../../design/wrong.tsx'

/** Says, above a form, which experiment its plan is of, and how to have none. */
export function ExperimentHead({
  name,
  experiment,
  problem,
  onLeave,
}: {
  readonly name: string
  /** Null where this lab does not know it. */
  readonly experiment: ExperimentDescription | null
  readonly problem: string | undefined
  readonly onLeave: () => void
}) {
  return (
    <section className="experiment-head" aria-label="The experiment">
      <div>
        <p className="experiment-question">
          {experiment === null
            ? `The experiment “${name}” is not known here.`
            : experiment.question}
        </p>
        {experiment !== null && <p className="experiment-look">{experiment.lookFor}</p>}
        <Wrong text={problem} />
      </div>
      <button type="button" className="button" onClick={onLeave}>
        <Undo2 size={16} /> Leave the experiment
      </button>
    </section>
  )
}
