import { Play, SlidersHorizontal, Timer } from 'lucide-react'
import { useId } from 'react'
import { runtimeNames } from '../../../shared/executor-names.ts'
import { formatSpan, formatTime } from '../../../shared/format.ts'
import type { Runtime } from '../../../shared/model/execution-model.ts'
import type { ExperimentDescription } from '../../../shared/model/experiment.ts'
import { interpreterName } from '../../../shared/model/interpreter.ts'
import type { PlanDocument } from '../../../shared/model/plan.ts'
import { hashOf } from '../../state/route.ts'
import type { KnownInterpreters } from '../../state/use-interpreters.ts'
import { chosenInterpreters } from '../lab/interpreter-choice.ts'
import { type LastFound, useExpected, useLastFound } from './use-experiment.ts'

export function ExperimentCard({
  experiment,
  able,
  interpreters,
  busyReason,
  isStarting,
  onRun,
  onPlan,
}: {
  readonly experiment: ExperimentDescription
  /** Who can run it. */
  readonly able: readonly Runtime[]
  /** The Pythons of this machine, for an experiment that runs in them. */
  readonly interpreters: Pick<KnownInterpreters, 'found' | 'problem'>
  /** The element that says why nothing can be started; null where it can. */
  readonly busyReason: string | null
  readonly isStarting: boolean
  readonly onRun: (document: PlanDocument) => void
  readonly onPlan: (document: PlanDocument) => Promise<void>
}) {
  const { name, title, question, lookFor, plan } = experiment
  const heading = useId()
  const expected = useExpected(name)
  const last = useLastFound(name)
  const document = { experiment: name, ...plan }
  const isOff = busyReason !== null || isStarting
  const why = busyReason === null ? undefined : 'a run is going on'
  return (
    <article className="experiment" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        <span className="kind" title={expected?.timeBasis}>
          <Timer size={14} aria-hidden="true" />
          {expected === null
            ? '…'
            : expected.time_ms === null
              ? 'how long is not known yet'
              : `about ${formatSpan(expected.time_ms)}`}
        </span>
      </header>
      <p className="experiment-question">{question}</p>
      <p className="experiment-look">{lookFor}</p>
      <RunsIn experiment={experiment} able={able} interpreters={interpreters} />
      <Found last={last} />
      <div className="button-group">
        <button
          type="button"
          className="button primary"
          aria-label={`Run: ${title}`}
          aria-describedby={busyReason ?? undefined}
          title={why}
          disabled={isOff}
          onClick={() => onRun(document)}
        >
          <Play size={16} /> Run
        </button>
        <button
          type="button"
          className="button"
          aria-label={`Change its plan first: ${title}`}
          aria-describedby={busyReason ?? undefined}
          title={why}
          disabled={isOff}
          onClick={() => void onPlan(document)}
        >
          <SlidersHorizontal size={16} /> Change its plan first
        </button>
      </div>
    </article>
  )
}

/** Who executes it: Node alone, or which Pythons as well. */
function RunsIn({
  experiment,
  able,
  interpreters: { found, problem },
}: {
  readonly experiment: ExperimentDescription
  readonly able: readonly Runtime[]
  readonly interpreters: Pick<KnownInterpreters, 'found' | 'problem'>
}) {
  if (able.every((runtime) => runtime === 'node')) {
    return <p className="hint">Runs in Node alone.</p>
  }
  if (!usesPython(experiment)) {
    const others = able.filter((runtime) => runtime !== 'node').map((each) => runtimeNames[each])
    return <p className="hint">Runs in Node; its plan can have {others.join(' or ')} as well.</p>
  }
  if (problem !== null)
    return <p className="hint">What Pythons there are is not known: {problem}</p>
  if (found === null) return <p className="hint">Runs in Node and Python: looking for Python…</p>
  const names = chosenInterpreters(
    { interpreters: experiment.plan.interpreters ?? [], runtimes: experiment.plan.runtimes ?? [] },
    found,
    experiment.interpreters === 'all',
  ).flatMap(({ interpreter }) => (interpreter === null ? [] : interpreterName(interpreter)))
  if (names.length > 0) return <p className="hint">Runs in Node, {names.join(', ')}.</p>
  return (
    <p className="hint">
      Runs in Node and Python, and no Python that can be used was found here: add one in the plan’s
      form.
    </p>
  )
}

/** Whether it runs in Python as it is proposed. */
export function usesPython({ plan: { runtimes = [] } }: ExperimentDescription): boolean {
  return runtimes.some((runtime) => runtime !== 'node')
}

/** Sentences of a run that are shown on a card. */
const mostSentences = 2

function Found({ last }: { readonly last: LastFound }) {
  if (last === 'reading') return <p className="experiment-found">…</p>
  if (last === null) {
    return <p className="experiment-found experiment-none">Not run on this machine yet.</p>
  }
  const { run, sentences } = last
  return (
    <div className="experiment-found">
      <p className="hint">
        Found here last, <a href={hashOf({ view: 'run', id: run.id })}>run {run.id}</a>,{' '}
        {formatTime(run.started_at)}
        {run.status === 'done' ? '' : `, ${run.status}`}
      </p>
      {sentences.length === 0 && <p>Nothing: too few trials ended.</p>}
      {sentences.slice(0, mostSentences).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  )
}
