import { useCallback, useEffect, useState } from 'react'
import type { LabDescription } from '../../shared/contract.ts'
import type { PlanDocument } from '../../shared/model/plan.ts'
import { problemLine } from '../../shared/model/problem.ts'
import { clearProblems, tellProblem } from '../design/notices.ts'
import { asLabError } from './lab-store.ts'
import { defaultDraft, documentOf, draftOf, type PlanDraft } from './plan-draft.ts'
import { goTo } from './route.ts'
import { useLab, useLabStore } from './use-lab.ts'

/** What the user can do with the comparison that is set up, from the lab's view and from the menu. */
export interface ComparisonControls {
  readonly draft: PlanDraft
  readonly isStarting: boolean
  /** The form is wanted, though there is a run that has ended. */
  readonly isSettingUp: boolean
  edit(draft: PlanDraft): void
  /** Fills the form with a plan from elsewhere, or says what is wrong with it. */
  open(document: unknown): Promise<void>
  setUp(): void
  start(draft: PlanDraft, force: boolean): void
  /** Runs a plan as it is, and shows that. */
  run(document: PlanDocument): void
  /** @returns whether it was heard */
  stop(): Promise<boolean>
}

export function useComparison(description: LabDescription): ComparisonControls {
  const store = useLabStore()
  const { isRunning, live } = useLab()
  const runId = live?.runId ?? null
  const [draft, setDraft] = useState(() => defaultDraft(description))
  const [isSettingUp, setSettingUp] = useState(false)
  const [isStarting, setStarting] = useState(false)

  const start = useCallback(
    async (plan: unknown, force: boolean) => {
      setStarting(true)
      try {
        await store.connection.call('start', { plan, force })
        clearProblems()
        setSettingUp(false)
        goTo({ view: 'lab' })
      } catch (error) {
        tellProblem(asLabError(error).message)
      } finally {
        setStarting(false)
      }
    },
    [store],
  )
  const stop = useCallback(async () => {
    try {
      return await store.connection.call('stop', {})
    } catch (error) {
      tellProblem(asLabError(error).message)
      return false
    }
  }, [store])
  // A run that begins is watched to its end, whoever has started it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: where another run begins.
  useEffect(() => setSettingUp(false), [runId])
  const setUp = useCallback(() => {
    goTo({ view: 'lab' })
    setSettingUp(true)
  }, [])

  useEffect(
    () =>
      store.commands.on((command) => {
        if (command === 'show-lab') goTo({ view: 'lab' })
        if (command === 'show-experiments') goTo({ view: 'experiments' })
        if (command === 'show-runs') goTo({ view: 'runs' })
        if (command === 'new-comparison') setUp()
        if (command === 'stop') void stop()
        if (command !== 'start' || store.state.isRunning) return
        // What is started is what is seen: the form is shown first where it is not.
        if (isSettingUp || store.state.live === null) void start(documentOf(draft), false)
        goTo({ view: 'lab' })
        setSettingUp(true)
      }),
    [store, draft, isSettingUp, start, stop, setUp],
  )
  const open = useCallback(
    async (document: unknown) => {
      try {
        const { plan, problems } = await store.connection.call('estimate', { plan: document })
        if (plan === null) {
          tellProblem(problemLine(problems))
          return
        }
        setDraft(draftOf(plan as PlanDocument, description))
        setUp()
      } catch (error) {
        tellProblem(asLabError(error).message)
      }
    },
    [store, description, setUp],
  )
  useEffect(() => store.plans.on((document) => void open(document)), [store, open])

  return {
    draft,
    isStarting: isStarting || isRunning,
    isSettingUp,
    edit: setDraft,
    setUp,
    open,
    start: (plan, force) => void start(documentOf(plan), force),
    run: (document) => void start(document, false),
    stop,
  }
}
