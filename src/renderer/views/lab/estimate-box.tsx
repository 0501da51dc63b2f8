import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Estimate } from '../../../shared/contract.ts'
import { formatBytes, formatSpan } from '../../../shared/format.ts'
import { problemLine } from '../../../shared/model/problem.ts'
import { asLabError } from '../../state/lab-store.ts'
import { documentOf, type PlanDraft } from '../../state/plan-draft.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'

/** What the plan will take, asked anew a moment after the form has changed. */
export function useEstimate(draft: PlanDraft) {
  const { connection } = useLabStore()
  const { link } = useLab()
  const [estimate, setEstimate] = useState<Estimate | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the lab is back.
  useEffect(() => {
    let isCurrent = true
    const timer = setTimeout(() => {
      connection.call('estimate', { plan: documentOf(draft) }).then(
        (found) => {
          if (!isCurrent) return
          setEstimate(found)
          setProblem(null)
        },
        (error: unknown) => isCurrent && setProblem(asLabError(error).message),
      )
    }, 150)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [connection, draft, link])
  return { estimate, problem }
}

export function EstimateBox({
  estimate,
  problem,
  isUnnamed,
}: {
  readonly estimate: Estimate | null
  readonly problem: string | null
  /** The user's own code is chosen, and not yet said which. */
  readonly isUnnamed: boolean
}) {
  if (isUnnamed) return <p className="estimate">Say where your module is, below the workloads.</p>
  if (problem !== null) return <p className="estimate problem">{problem}</p>
  if (estimate === null) return <p className="estimate">…</p>
  const { plan, time_ms, timeBasis, memory_bytes, available_bytes, doesNotFit, problems } = estimate
  if (memory_bytes === null) {
    return (
      <p className="estimate problem" role="status">
        {problemLine(problems)}
      </p>
    )
  }
  return (
    <div className="estimate" role="status">
      <dl>
        <div>
          <dt>{plan?.repeat === 'auto' ? 'Takes at most about' : 'Takes about'}</dt>
          <dd title={timeBasis}>{time_ms === null ? 'not known yet' : formatSpan(time_ms)}</dd>
        </div>
        <div>
          <dt title="What the largest trial takes from the machine; memory that processes share with others is not in it">
            Memory of its own
          </dt>
          <dd>
            about {formatBytes(memory_bytes)}{' '}
            <span className="unit">of {formatBytes(available_bytes)}</span>
          </dd>
        </div>
      </dl>
      {time_ms === null && <p className="hint">{timeBasis}</p>}
      {doesNotFit !== null && (
        <p className="problem">
          <TriangleAlert size={14} /> {doesNotFit}
        </p>
      )}
    </div>
  )
}
