import type { RunSummary } from '../../../shared/model/run.ts'

/** So many stand in a row of the list; how many more there are is said. */
const mostShown = 3

/** The tags of a run in the list; each shows the runs that have it. */
export function RunTags({
  tags,
  onTag,
}: {
  readonly tags: RunSummary['tags']
  readonly onTag: (tag: string) => void
}) {
  const more = tags.slice(mostShown)
  return (
    <>
      {tags.slice(0, mostShown).map((tag) => (
        <button
          key={tag}
          type="button"
          className="tag"
          dir="auto"
          title={`Show the runs tagged ${tag}`}
          onClick={() => onTag(tag)}
        >
          {tag}
        </button>
      ))}
      {more.length > 0 && (
        <span className="mark" title={more.join(', ')}>
          +{more.length}
        </span>
      )}
    </>
  )
}
