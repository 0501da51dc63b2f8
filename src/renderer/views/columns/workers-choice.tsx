import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { Configuration } from '../../../shared/model/run.ts'

/** The numbers of workers that a run has; inline always has one, and is not counted. */
export function countsOf(configurations: readonly Configuration[]): readonly number[] {
  return [
    ...new Set(
      configurations.flatMap(({ model, workers }) =>
        modelTraits[model].startsWorkers ? [workers] : [],
      ),
    ),
  ]
}

/** Which number of workers is looked at, where there is a choice. */
export function WorkersChoice({
  counts,
  chosen,
  onChoose,
}: {
  readonly counts: readonly number[]
  readonly chosen: number | null
  readonly onChoose: (workers: number) => void
}) {
  if (counts.length < 2) return null
  return (
    <span className="workers-choice">
      Workers{' '}
      <select
        className="select"
        aria-label="Workers"
        value={String(chosen)}
        onChange={({ target }) => onChoose(Number(target.value))}
      >
        {counts.map((count) => (
          <option key={count} value={count}>
            {count}
          </option>
        ))}
      </select>
    </span>
  )
}
