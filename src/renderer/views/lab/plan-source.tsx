import { FolderOpen } from 'lucide-react'
import { useRef } from 'react'
import type { LabDescription } from '../../../shared/contract.ts'
import { largestPlanBytes } from '../../../shared/model/plan-limits.ts'
import { tellProblem } from '../../design/notices.ts'
import { Select } from '../../design/select.tsx'
import { asLabError } from '../../state/lab-store.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** Sample plans, and a plan from a file. */
export function PlanSource({
  description,
  onDocument,
}: {
  readonly description: LabDescription
  readonly onDocument: (document: unknown) => Promise<void>
}) {
  const { connection } = useLabStore()
  const file = useRef<HTMLInputElement>(null)
  const open = async () => {
    if (description.shell === 'web') return file.current?.click()
    try {
      const document = await connection.call('openPlan', {})
      if (document !== null) await onDocument(document)
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
  }
  return (
    <div className="plan-source">
      <Select
        label="Sample plans"
        value=""
        choices={[
          { value: '', name: 'Sample plans…' },
          ...description.samplePlans.map(({ name }) => ({ value: name, name })),
        ]}
        onChoose={(wanted) => {
          const sample = description.samplePlans.find(({ name }) => name === wanted)
          if (sample !== undefined) void onDocument(sample.plan)
        }}
      />
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
            await onDocument(JSON.parse(await chosen.text()))
          } catch {
            tellProblem(`${chosen.name} is not JSON; allowed: a plan as JSON`)
          }
        }}
      />
    </div>
  )
}
