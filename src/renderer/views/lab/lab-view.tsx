import { ArrowRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { LabDescription } from '../../../shared/contract.ts'
import { defaultDraft } from '../../state/plan-draft.ts'
import type { ComparisonControls } from '../../state/use-comparison.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'
import { LiveView } from './live-view.tsx'
import { Setup } from './setup.tsx'

/** Where a comparison is set up, watched, and ends. */
export function LabView({
  description,
  controls,
}: {
  readonly description: LabDescription
  readonly controls: ComparisonControls
}) {
  const { live, isRunning, runsVersion, link } = useLab()
  const { draft, isStarting, isSettingUp, edit, setUp, open, start, stop } = controls
  const isFirst = useIsEmpty(`${runsVersion} ${link}`)
  const isWatching = live !== null && (isRunning || !isSettingUp)

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isCommand = event.ctrlKey || event.metaKey
      if (event.key === 'Enter' && isCommand && !isStarting && !isWatching) {
        event.preventDefault()
        start(draft, false)
      }
      // A dialog or a menu that is open takes Esc for itself.
      if (event.key === 'Escape' && isRunning && !event.defaultPrevented) void stop()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [isRunning, isStarting, isWatching, draft, start, stop])

  // What was pressed is gone with its view: the keyboard goes on from the top of the other.
  // biome-ignore lint/correctness/useExhaustiveDependencies: done again where the view changes.
  useEffect(() => {
    scrollTo(0, 0)
    const { activeElement, body } = document
    if (activeElement === null || activeElement === body) {
      document.getElementById('content')?.focus({ preventScroll: true })
    }
  }, [isWatching])

  if (isWatching) {
    return <LiveView key={live.runId} live={live} onStop={stop} onNew={setUp} />
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
            disabled={isStarting}
            onClick={() => start(defaultDraft(description), false)}
          >
            Run the default comparison <ArrowRight size={18} />
          </button>
        </section>
      )}
      <Setup
        description={description}
        draft={draft}
        onChange={edit}
        onDocument={open}
        onStart={(force) => start(draft, force)}
        isBusy={isStarting}
      />
    </>
  )
}

/** Whether no run is kept yet. */
function useIsEmpty(version: string): boolean {
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
