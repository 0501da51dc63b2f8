import { GitCompareArrows, X } from 'lucide-react'
import { mostSides } from '../../../shared/model/run-comparison.ts'
import { goTo } from '../../state/route.ts'

/** What is done with the runs that are chosen, in the order they were chosen in. */
export function SelectionBar({
  chosen,
  onClear,
}: {
  readonly chosen: readonly number[]
  readonly onClear: () => void
}) {
  if (chosen.length === 0) return null
  return (
    <section className="chosen-bar" aria-label="Chosen runs">
      <span role="status">
        <b>{chosen.length === 1 ? '1 run chosen' : `${chosen.length} runs chosen`}</b>{' '}
        <span className="unit">{advice(chosen)}</span>
      </span>
      <button
        type="button"
        className="button primary"
        disabled={chosen.length < 2 || chosen.length > mostSides}
        onClick={() =>
          goTo({
            view: 'compare',
            sides: chosen.map((run) => ({ run, configuration: null })),
            acrossMachines: false,
          })
        }
      >
        <GitCompareArrows size={16} /> Compare
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Choose no runs"
        title="Choose no runs"
        onClick={onClear}
      >
        <X size={16} />
      </button>
    </section>
  )
}

function advice(chosen: readonly number[]): string {
  if (chosen.length < 2) return 'choose another to compare it with'
  if (chosen.length > mostSides) return `at most ${mostSides} can be compared`
  const others = chosen.length === 2 ? 'the other is' : 'the others are'
  return `${others} compared with run ${chosen[0]}, which was chosen first`
}
