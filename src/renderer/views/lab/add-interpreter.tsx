import { Plus } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { Wrong } from '../../design/wrong.tsx'
import { asLabError } from '../../state/lab-store.ts'

/** Where a Python that is not found by itself is named; the lab starts it to see what it is. */
export function AddInterpreter({ onAdd }: { readonly onAdd: (path: string) => Promise<void> }) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [path, setPath] = useState('')
  const [problem, setProblem] = useState<string | undefined>()
  const [isAsking, setAsking] = useState(false)
  const add = async () => {
    if (path.trim() === '' || isAsking) return
    setAsking(true)
    // The button cannot keep it: it is off meanwhile.
    input.current?.focus()
    try {
      await onAdd(path.trim())
      setPath('')
      setProblem(undefined)
    } catch (error) {
      setProblem(asLabError(error).message)
    }
    setAsking(false)
  }
  return (
    <div className="field">
      <div className="add-interpreter">
        <input
          ref={input}
          id={id}
          className="text-input"
          aria-label="Path of another Python"
          placeholder="Path of another Python, or of its environment"
          value={path}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          onChange={({ target }) => {
            setPath(target.value)
            setProblem(undefined)
          }}
          onKeyDown={(event) => {
            // It adds, and does not start the comparison.
            if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
            event.preventDefault()
            void add()
          }}
        />
        <button
          type="button"
          className="button"
          disabled={path.trim() === '' || isAsking}
          onClick={() => void add()}
        >
          <Plus size={16} /> {isAsking ? 'Asking it…' : 'Add'}
        </button>
      </div>
      <span id={`${id}-problem`} role="status">
        <Wrong text={problem} />
      </span>
    </div>
  )
}
