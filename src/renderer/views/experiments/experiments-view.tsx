import { useId } from 'react'
import type { LabDescription } from '../../../shared/contract.ts'
import { runtimesOfExperiment } from '../../state/experiments.ts'
import { hashOf } from '../../state/route.ts'
import type { ComparisonControls } from '../../state/use-comparison.ts'
import { useInterpreters } from '../../state/use-interpreters.ts'
import { useLab } from '../../state/use-lab.ts'
import { ExperimentCard, usesPython } from './experiment-card.tsx'

/** Every experiment: what it asks, how long it takes, and what it found here last. */
export function ExperimentsView({
  description,
  controls,
}: {
  readonly description: LabDescription
  readonly controls: ComparisonControls
}) {
  const { isRunning } = useLab()
  const { experiments } = description
  const reason = useId()
  const interpreters = useInterpreters(experiments.some(usesPython))
  return (
    <div className="experiments">
      <header className="experiments-head">
        <h1>Experiments</h1>
        <p>
          Each shows one thing in which processes and threads differ, with the figures of this
          machine.
        </p>
      </header>
      {isRunning && (
        <p className="experiments-busy" id={reason} role="status">
          A run is going on, and one at a time is measured.{' '}
          <a href={hashOf({ view: 'lab' })}>Watch it</a>, or stop it there, to start another.
        </p>
      )}
      {experiments.length === 0 && <p className="empty">This lab has no experiments.</p>}
      <div className="experiment-cards">
        {experiments.map((experiment) => (
          <ExperimentCard
            key={experiment.name}
            experiment={experiment}
            able={runtimesOfExperiment(description, experiment)}
            interpreters={interpreters}
            busyReason={isRunning ? reason : null}
            isStarting={controls.isStarting}
            onRun={controls.run}
            onPlan={controls.open}
          />
        ))}
      </div>
    </div>
  )
}
