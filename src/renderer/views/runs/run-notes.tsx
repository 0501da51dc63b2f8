import { Pencil } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Run } from '../../../shared/model/run.ts'
import { useUpkeep } from './use-upkeep.ts'

/** The notes of a run, edited in place: leaving the field keeps them, Esc does not. */
export function RunNotes({
  run,
  isWriting,
  onWriting,
}: {
  readonly run: Pick<Run, 'id' | 'notes'>
  readonly isWriting: boolean
  readonly onWriting: (isWriting: boolean) => void
}) {
  const { edit } = useUpkeep()
  const [text, setText] = useState(run.notes)
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what another window writes meanwhile stays out of the field.
  useEffect(() => {
    if (!isWriting) return
    setText(run.notes)
    field.current?.focus()
  }, [isWriting])

  if (!isWriting) {
    if (run.notes === '') return null
    const isLong = run.notes.length > 480 || run.notes.split('\n').length > 4
    return (
      <div className="notes">
        <p className={`notes-text${isLong && !isOpen ? ' few-lines' : ''}`} dir="auto">
          {run.notes}
        </p>
        {isLong && (
          <button
            type="button"
            className="link"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Show less' : 'Show all'}
          </button>
        )}
        <button
          ref={button}
          type="button"
          className="icon-button quiet"
          aria-label="Edit the notes"
          onClick={() => onWriting(true)}
        >
          <Pencil size={14} />
        </button>
      </div>
    )
  }
  const end = (isWanted: boolean) => {
    onWriting(false)
    if (isWanted && text !== run.notes) void edit(run.id, { notes: text })
    requestAnimationFrame(() => button.current?.focus())
  }
  return (
    <textarea
      ref={field}
      className="text-input notes-field"
      dir="auto"
      aria-label="Notes"
      rows={4}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) end(true)
        if (event.key === 'Escape') {
          event.preventDefault()
          end(false)
        }
      }}
    />
  )
}
