import type { MethodName, ParametersOf } from '../../../shared/contract.ts'
import type { RunEdit } from '../../../shared/model/library.ts'
import { tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** What is changed of a saved run. The lab tells every window of it; what it refuses is told here. */
export function useUpkeep() {
  const { connection } = useLabStore()
  /** @returns whether it was done */
  const call = async <M extends MethodName>(method: M, parameters: ParametersOf<M>) => {
    try {
      await connection.call(method, parameters)
      return true
    } catch (error) {
      tellProblem(asLabError(error).message)
      return false
    }
  }
  return {
    edit: (id: number, { tags, ...change }: RunEdit) =>
      call('edit', { ...change, id, tags: tags && [...tags] }),
    setBaseline: (id: number, isBaseline: boolean) => call('setBaseline', { id, isBaseline }),
  }
}
