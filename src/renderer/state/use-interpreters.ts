import { useEffect, useState } from 'react'
import type { FoundInterpreter } from '../../shared/model/found-interpreter.ts'
import { asLabError } from './lab-store.ts'
import { useLab, useLabStore } from './use-lab.ts'

export interface KnownInterpreters {
  /** Null while they are looked for. */
  readonly found: readonly FoundInterpreter[] | null
  /** Why it is not known what there is. */
  readonly problem: string | null
  /**
   * Adds one by its path.
   *
   * @throws LabError in words, where it cannot be used
   */
  add(path: string): Promise<FoundInterpreter>
  /** @throws LabError */
  remove(path: string): Promise<void>
}

/** The Pythons of this machine. They are looked for when somebody wants one: that starts each of them. */
export function useInterpreters(isWanted: boolean): KnownInterpreters {
  const { connection } = useLabStore()
  const { link } = useLab()
  const [found, setFound] = useState<readonly FoundInterpreter[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the lab is back.
  useEffect(() => {
    if (!isWanted) return
    let isCurrent = true
    connection.call('interpreters', {}).then(
      (list) => {
        if (!isCurrent) return
        setFound(list)
        setProblem(null)
      },
      (error: unknown) => isCurrent && setProblem(asLabError(error).message),
    )
    return () => {
      isCurrent = false
    }
  }, [connection, isWanted, link])
  return {
    found,
    problem,
    add: async (path) => {
      const added = await connection.call('addInterpreter', { path })
      setFound(await connection.call('interpreters', {}))
      return added
    },
    remove: async (path) => setFound(await connection.call('removeInterpreter', { path })),
  }
}
