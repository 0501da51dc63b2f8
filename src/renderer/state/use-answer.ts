import { useEffect, useState } from 'react'
import type { MethodName, ParametersOf, ResultOf } from '../../shared/contract.ts'
import { asLabError } from './lab-store.ts'
import { useLab, useLabStore } from './use-lab.ts'

export interface Answer<M extends MethodName> {
  /** The last that was had, perhaps to another question; null before the first. */
  readonly found: ResultOf<M> | null
  /** Why there is none to this question. */
  readonly problem: string | null
  /** It is the answer to this very question. */
  readonly isCurrent: boolean
  readonly retry: () => void
}

/**
 * What the lab answers, asked again where saved runs have changed. While another question is open the
 * last answer stays, so that nothing jumps.
 *
 * @param parameters null asks nothing
 */
export function useAnswer<M extends MethodName>(
  method: M,
  parameters: ParametersOf<M> | null,
): Answer<M> {
  const { connection } = useLabStore()
  const { runsVersion, link } = useLab()
  const [answer, setAnswer] = useState<{
    readonly key: string
    readonly found: ResultOf<M> | null
    readonly problem: string | null
  } | null>(null)
  const [attempt, setAttempt] = useState(0)
  const key = JSON.stringify(parameters)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` names what is asked; asked again where runs have changed.
  useEffect(() => {
    if (parameters === null) return
    let isWanted = true
    connection.call(method, parameters).then(
      (found) => isWanted && setAnswer({ key, found, problem: null }),
      (error: unknown) =>
        isWanted &&
        setAnswer((before) => ({
          key,
          found: before?.found ?? null,
          problem: asLabError(error).message,
        })),
    )
    return () => {
      isWanted = false
    }
  }, [connection, method, key, runsVersion, link, attempt])
  const isCurrent = parameters !== null && answer?.key === key
  return {
    found: parameters === null ? null : (answer?.found ?? null),
    problem: isCurrent ? answer.problem : null,
    isCurrent: isCurrent && answer.problem === null,
    retry: () => setAttempt(attempt + 1),
  }
}
