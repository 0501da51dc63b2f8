import type { RunSummary } from '../../../shared/model/run.ts'
import { notices, tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** How long a deletion can be taken back at the foot of the window. */
const undoMs = 15_000

/** Deletes a run, and offers to take that back. */
export function useDeleteRun(): (run: Pick<RunSummary, 'id' | 'label'>) => Promise<boolean> {
  const { connection } = useLabStore()
  return async ({ id, label }) => {
    try {
      await connection.call('delete', { id })
    } catch (error) {
      tellProblem(asLabError(error).message)
      return false
    }
    const notice = notices.add({
      title: `Run ${id} deleted`,
      description: label,
      timeout: undoMs,
      actionProps: {
        children: 'Undo',
        onClick: () => {
          notices.close(notice)
          connection
            .call('restore', { id })
            .catch((error: unknown) => tellProblem(asLabError(error).message))
        },
      },
    })
    return true
  }
}
