import { FolderOpen } from 'lucide-react'
import { useRef } from 'react'
import type { LabDescription } from '../../../shared/contract.ts'
import type { PlanDocument } from '../../../shared/model/plan.ts'
import { problemLine, tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { draftOf, type PlanDraft } from '../../state/plan-draft.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** Sample plans, and a plan from a file. */
export function PlanSource({
  description,
  onPlan,
}: {
  readonly description: LabDescription
  readonly onPlan: (draft: PlanDraft) => void
}) {
  const { connection } = useLabStore()
  const file = useRef<HTMLInputElement>(null)
  const take = async (document: unknown) => {
    try {
      const { plan, problems } = await connection.call('estimate', { plan: document })
      if (plan !== null) onPlan(draftOf(plan as PlanDocument, description))
      else tellProblem(problemLine(problems))
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
  }
  const open = async () => {
    if (description.shell === 'web') return file.current?.click()
    try {
      const document = await connection.call('openPlan', {})
      if (document !== null) await take(document)
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
  }
  return (
    <div className="plan-source">
      <select
        className="select"
        aria-label="Sample plans"
        value=""
        onChange={({ target }) => {
          const sample = description.samplePlans.find(({ name }) => name === target.value)
          if (sample !== undefined) void take(sample.plan)
        }}
      >
        <option value="">Sample plans…</option>
        {description.samplePlans.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <button type="button" className="button" onClick={() => void open()}>
        <FolderOpen size={16} /> Open a plan…
      </button>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="Plan file"
        onChange={async ({ target }) => {
          const [chosen] = target.files ?? []
          target.value = ''
          if (chosen === undefined) return
          if (chosen.size > largestPlanBytes) {
            tellProblem(`${chosen.name} is larger than 1 MiB; allowed: a plan as JSON`)
            return
          }
          try {
            await take(JSON.parse(await chosen.text()))
          } catch {
            tellProblem(`${chosen.name} is not JSON; allowed: a plan as JSON`)
          }
        }}
      />
    </div>
  )
}

const largestPlanBytes = 1024 * 1024
