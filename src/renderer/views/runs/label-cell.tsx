import { Pencil } from 'lucide-react'
import { useRef, useState } from 'react'
import type { RunSummary } from '../../../shared/model/run.ts'
import { tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { hashOf } from '../../state/route.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** A run's label: a link to the run, and editable in place. Enter keeps, Esc does not. */
export function LabelCell({
  run,
  isLink = true,
}: {
  readonly run: RunSummary
  readonly isLink?: boolean
}) {
  const name = run.label === '' ? `run ${run.id}` : run.label
  const { connection } = useLabStore()
  const [text, setText] = useState<string | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const end = (isKept: boolean) => {
    const label = text
    setText(null)
    requestAnimationFrame(() => button.current?.focus())
    if (!isKept || label === null || label === run.label) return
    connection
      .call('edit', { id: run.id, label })
      .catch((error: unknown) => tellProblem(asLabError(error).message))
  }
  if (text !== null) {
    return (
      <input
        className="text-input"
        aria-label={`Label of run ${run.id}`}
        value={text}
        // biome-ignore lint/a11y/noAutofocus: the user has just asked to write here.
        autoFocus
        onChange={({ target }) => setText(target.value)}
        onBlur={() => end(true)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') end(true)
          if (event.key === 'Escape') {
            event.preventDefault()
            end(false)
          }
        }}
      />
    )
  }
  return (
    <span className="label-cell">
      {isLink ? (
        <a href={hashOf({ view: 'run', id: run.id })} dir="auto">
          {name}
        </a>
      ) : (
        <span dir="auto">{name}</span>
      )}
      <button
        ref={button}
        type="button"
        className="icon-button quiet"
        aria-label={`Edit the label of run ${run.id}`}
        onClick={() => setText(run.label)}
      >
        <Pencil size={14} />
      </button>
    </span>
  )
}
