import { Dialog } from '@base-ui/react/dialog'
import { Search, X } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { SideReference } from '../../../shared/model/run-comparison.ts'
import { formatSide } from '../../state/route.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { ChooserRun } from './chooser-run.tsx'

/** Runs that are listed: who looks for another finds it by its words. */
const mostListed = 30

/** Searches the saved runs for what is to be compared: runs as a whole, or configurations of them. */
export function SideChooser({
  chosen,
  most,
  onChoose,
  onClose,
}: {
  /** What is compared already. */
  readonly chosen: readonly SideReference[]
  /** So many more can be chosen. */
  readonly most: number
  readonly onChoose: (sides: readonly SideReference[]) => void
  readonly onClose: () => void
}) {
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search)
  const [added, setAdded] = useState<readonly SideReference[]>([])
  const { found, problem } = useAnswer('runs', { search: wanted.slice(0, 200), limit: mostListed })
  const toggle = (side: SideReference) => {
    const isAdded = added.some((each) => formatSide(each) === formatSide(side))
    setAdded(
      isAdded
        ? added.filter((each) => formatSide(each) !== formatSide(side))
        : [...added, side].slice(0, most),
    )
  }
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="chooser">
          <header className="chooser-head">
            <Dialog.Title>What is to be compared?</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <X size={16} />
            </Dialog.Close>
          </header>
          <label className="search">
            <Search size={16} aria-hidden="true" />
            <input
              type="search"
              className="text-input"
              placeholder="Search label, notes, tags, workload, model, machine"
              aria-label="Search the saved runs"
              value={search}
              onChange={({ target }) => setSearch(target.value)}
            />
          </label>
          {problem !== null && (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
          <ul className="chooser-runs" aria-label="Saved runs">
            {found?.runs.map((run) => (
              <ChooserRun
                key={run.id}
                run={run}
                taken={chosen}
                added={added}
                isFull={added.length >= most}
                onToggle={toggle}
              />
            ))}
          </ul>
          {found !== null && (
            <p className="hint" role="status">
              {found.total === 0
                ? 'No run has all of these words.'
                : found.total > found.runs.length
                  ? `The newest ${found.runs.length} of ${found.total} runs: search for others.`
                  : `${found.total} ${found.total === 1 ? 'run' : 'runs'}`}
            </p>
          )}
          <footer className="chooser-foot">
            <span className="hint">
              {added.length === 0 ? 'Nothing chosen yet' : `${added.length} chosen`}
              {added.length >= most && '; no more can be told apart'}
            </span>
            <button
              type="button"
              className="button primary"
              disabled={added.length === 0}
              onClick={() => onChoose(added)}
            >
              Compare
            </button>
          </footer>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
