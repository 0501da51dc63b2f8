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
  const name = run.label === '' ? `run ${run.id}` : shortened(run.label)
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
    // What has several lines keeps them while it is edited.
    const Field = /[\r\n]/.test(run.label) ? 'textarea' : 'input'
    return (
      <Field
        className="text-input"
        aria-label={`Label of run ${run.id}`}
        value={text}
        autoFocus
        onChange={({ target }: { target: { value: string } }) => setText(target.value)}
        onBlur={() => end(true)}
        onKeyDown={(event: React.KeyboardEvent) => {
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
        <a
          href={hashOf({ view: 'run', id: run.id })}
          dir="auto"
          title={name.length > 30 ? name : undefined}
        >
          {name}
        </a>
      ) : (
        <span className="few-lines" dir="auto" title={name.length > 60 ? name : undefined}>
          {name}
        </span>
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

/** No line of ours is as long; what is longer is seen whole where it is edited. */
const mostShown = 1000

function shortened(label: string): string {
  if (label.length <= mostShown) return label
  return `${label.slice(0, mostShown).toWellFormed()}…`
}
