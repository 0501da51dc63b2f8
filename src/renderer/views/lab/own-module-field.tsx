import { FolderOpen } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { tellProblem } from '../../design/notices.ts'
import { Wrong } from '../../design/wrong.tsx'
import { asLabError } from '../../state/lab-store.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** Where the user says which module of their own is run. */
export function OwnModuleField({
  path,
  isPython,
  canChoose,
  problem,
  onChange,
}: {
  readonly path: string
  readonly isPython: boolean
  /** Whether the shell has a dialog for files. */
  readonly canChoose: boolean
  readonly problem: string | undefined
  readonly onChange: (path: string) => void
}) {
  const { connection } = useLabStore()
  const input = useRef<HTMLInputElement>(null)
  // It stands below the workloads, perhaps out of sight: who chose it is to write here next.
  useEffect(() => {
    if (input.current?.value === '') input.current.focus()
  }, [])
  const choose = async () => {
    try {
      const chosen = await connection.call('openModule', {})
      if (chosen !== null) onChange(chosen)
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
  }
  return (
    <div className="field own-module">
      <label className="field-label" htmlFor="own-module">
        Path of your module
      </label>
      <div className="own-module-row">
        <input
          id="own-module"
          ref={input}
          className="text-input"
          value={path}
          placeholder={isPython ? '/home/you/my_task.py' : '/home/you/my-task.mjs'}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== undefined && path !== ''}
          aria-describedby="own-module-hint"
          onChange={({ target }) => onChange(target.value)}
        />
        {canChoose && (
          <button type="button" className="button" onClick={() => void choose()}>
            <FolderOpen size={16} /> Choose…
          </button>
        )}
      </div>
      {path !== '' && <Wrong text={problem} />}
      <p className="hint" id="own-module-hint">
        A module of Node (<code>.mjs</code>, <code>.ts</code>) or of Python (<code>.py</code>). It
        must export <code>task(input, context)</code>, and may export <code>inputs(n)</code>,{' '}
        <code>setup()</code> and <code>check(output, input)</code>. It is your own code and runs
        with your rights: choose only what you trust.
      </p>
    </div>
  )
}
