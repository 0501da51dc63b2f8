import { workTitle } from './column-groups.ts'

/** Which of a run's workloads is looked at, where it has several. */
export function WorkChoice({
  works,
  chosen,
  onChoose,
}: {
  readonly works: readonly string[]
  readonly chosen: string | null
  readonly onChoose: (work: string) => void
}) {
  if (works.length < 2) return null
  return (
    <span className="workers-choice">
      Work{' '}
      <select
        className="select"
        aria-label="Work"
        value={chosen ?? works[0]}
        onChange={({ target }) => onChoose(target.value)}
      >
        {works.map((work) => (
          <option key={work} value={work}>
            {workTitle(work)}
          </option>
        ))}
      </select>
    </span>
  )
}
