import { ArrowRight } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { LabDescription } from '../../../shared/contract.ts'
import type { PlanDocument } from '../../../shared/model/plan.ts'
import { tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { defaultDraft, documentOf, draftOf, type PlanDraft } from '../../state/plan-draft.ts'
import { goTo, useRoute } from '../../state/route.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'
import { LiveView } from './live-view.tsx'
import { Setup } from './setup.tsx'

/** Where a comparison is set up, watched, and ends. */
export function LabView({
  description,
  draft,
  onDraft,
}: {
  readonly description: LabDescription
  readonly draft: PlanDraft
  readonly onDraft: (draft: PlanDraft) => void
}) {
  const store = useLabStore()
  const { live, isRunning, runsVersion } = useLab()
  const isShown = useRoute().view === 'lab'
  const [isSettingUp, setSettingUp] = useState(false)
  const [isStarting, setStarting] = useState(false)
  const isFirst = useIsEmpty(runsVersion)
  const isWatching = live !== null && (isRunning || !isSettingUp)

  const start = useCallback(
    async (plan: PlanDraft, force = false) => {
      setStarting(true)
      try {
        await store.connection.call('start', { plan: documentOf(plan), force })
        setSettingUp(false)
      } catch (error) {
        tellProblem(asLabError(error).message)
      } finally {
        setStarting(false)
      }
    },
    [store],
  )
  const stop = useCallback(async () => {
    await store.connection.call('stop', {}).catch((error: unknown) => {
      tellProblem(asLabError(error).message)
    })
  }, [store])

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isCommand = event.ctrlKey || event.metaKey
      if (event.key === 'Enter' && isCommand && !isRunning && !isStarting && !isWatching) {
        event.preventDefault()
        void start(draft)
      }
      // A dialog or a menu that is open takes Esc for itself.
      if (event.key === 'Escape' && isRunning && !event.defaultPrevented) void stop()
    }
    if (!isShown) return
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [isShown, isRunning, isStarting, isWatching, draft, start, stop])

  useEffect(
    () =>
      store.commands.on((command) => {
        if (command === 'stop') void stop()
        if (command === 'start' && !store.state.isRunning) {
          goTo({ view: 'lab' })
          void start(draft)
        }
        if (command === 'new-comparison') {
          goTo({ view: 'lab' })
          setSettingUp(true)
        }
      }),
    [store, draft, start, stop],
  )
  useEffect(
    () =>
      store.plans.on(async (document) => {
        const { plan, problems } = await store.connection.call('estimate', { plan: document })
        if (plan === null) {
          tellProblem(problems.map(({ path, message }) => `${path}: ${message}`).join('; '))
          return
        }
        onDraft(draftOf(plan as PlanDocument, description))
        goTo({ view: 'lab' })
        setSettingUp(true)
      }),
    [store, onDraft, description],
  )

  // What was pressed is gone with its view: the keyboard goes on from the top of the other.
  // biome-ignore lint/correctness/useExhaustiveDependencies: done again where the view changes.
  useEffect(() => {
    const { activeElement, body } = document
    if (activeElement === null || activeElement === body) {
      document.getElementById('content')?.focus({ preventScroll: true })
    }
  }, [isWatching])

  if (isWatching) {
    return <LiveView live={live} onStop={() => void stop()} onNew={() => setSettingUp(true)} />
  }
  return (
    <>
      {isFirst && (
        <section className="welcome" aria-label="Begin">
          <div>
            <h2>Processes or threads?</h2>
            <p>
              Runs the same work both ways on this machine, shows every core while it does, and says
              what the difference is. The default comparison takes about 20 seconds.
            </p>
          </div>
          <button
            type="button"
            className="button primary large"
            disabled={isStarting || isRunning}
            onClick={() => void start(defaultDraft(description))}
          >
            Run the default comparison <ArrowRight size={18} />
          </button>
        </section>
      )}
      <Setup
        description={description}
        draft={draft}
        onChange={onDraft}
        onStart={(force) => void start(draft, force)}
        isBusy={isStarting || isRunning}
      />
    </>
  )
}

/** Whether no run is kept yet. */
function useIsEmpty(version: number): boolean {
  const { connection } = useLabStore()
  const [isEmpty, setEmpty] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again where runs have changed.
  useEffect(() => {
    let isCurrent = true
    connection.call('runs', { limit: 1 }).then(
      ({ total }) => isCurrent && setEmpty(total === 0),
      () => {},
    )
    return () => {
      isCurrent = false
    }
  }, [connection, version])
  return isEmpty
}
