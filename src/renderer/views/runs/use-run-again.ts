import { tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** Fills the form with the plan of a saved run. The list leaves out what can be long: it is read whole. */
export function useRunAgain(onPlan: (document: unknown) => void): (id: number) => Promise<void> {
  const { connection } = useLabStore()
  return async (id) => {
    try {
      const { run } = await connection.call('run', { id })
      onPlan(run.plan)
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
  }
}
