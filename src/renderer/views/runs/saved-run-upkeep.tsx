import { Toggle } from '@base-ui/react/toggle'
import { Flag, Import, NotebookPen, Pin, Scissors } from 'lucide-react'
import { useState } from 'react'
import { formatTime } from '../../../shared/format.ts'
import type { Run } from '../../../shared/model/run.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { RunNotes } from './run-notes.tsx'
import { TagEditor } from './tag-editor.tsx'
import { useUpkeep } from './use-upkeep.ts'

/** What the user writes of a run, where it is from, and how it is kept. */
export function SavedRunUpkeep({ run }: { readonly run: Run }) {
  const { edit, setBaseline } = useUpkeep()
  const [isWriting, setWriting] = useState(false)
  return (
    <section className="upkeep" aria-label="About this run">
      <Origin run={run} />
      <div className="upkeep-row">
        <Toggle
          className="toggle"
          pressed={run.is_baseline}
          disabled={run.status === 'running'}
          title={`Other runs of ${workloadName(run.plan.workload)} are held against the baseline`}
          onPressedChange={(isBaseline) => void setBaseline(run.id, isBaseline)}
        >
          <Flag size={14} /> Baseline
        </Toggle>
        <Toggle
          className="toggle"
          pressed={run.is_kept}
          title="Samples of a run that is kept are never thinned"
          onPressedChange={(isKept) => void edit(run.id, { isKept })}
        >
          <Pin size={14} /> Kept
        </Toggle>
        {run.notes === '' && !isWriting && (
          <button type="button" className="toggle" onClick={() => setWriting(true)}>
            <NotebookPen size={14} /> Add notes
          </button>
        )}
        <TagEditor id={run.id} tags={run.tags} label="Tags of this run" />
      </div>
      <RunNotes run={run} isWriting={isWriting} onWriting={setWriting} />
    </section>
  )
}

/** The machine, as the environment of the run has it; and what became of the run since. */
function Origin({ run: { environment, machine, imported_at, thinned_at } }: { readonly run: Run }) {
  const facts =
    environment === null
      ? []
      : [
          environment.cpu_model,
          `${environment.logical_cores} ${environment.logical_cores === 1 ? 'core' : 'cores'}`,
          environment.os,
          `Node ${environment.node_version}`,
        ].filter((fact) => fact !== null)
  return (
    <p className="origin">
      {imported_at === null ? (
        <span dir="auto">{machine ?? 'on a machine that is not known'}</span>
      ) : (
        <span className="mark">
          <Import size={14} aria-hidden="true" />
          <span dir="auto">
            imported {machine === null ? '' : `from ${machine} `}on {formatTime(imported_at)}
          </span>
        </span>
      )}
      {facts.map((fact) => (
        <span key={fact}>· {fact}</span>
      ))}
      {thinned_at !== null && (
        <span className="mark">
          · <Scissors size={14} aria-hidden="true" /> samples thinned on {formatTime(thinned_at)}:
          the overview and all results are there
        </span>
      )}
    </p>
  )
}
