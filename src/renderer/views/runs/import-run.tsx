import { Import } from 'lucide-react'
import { useRef, useState } from 'react'
import type { ErrorMessage, ImportOutcome, LabDescription } from '../../../shared/contract.ts'
import { importPath } from '../../../shared/contract-words.ts'
import { notices, tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { goTo } from '../../state/route.ts'
import { useLabStore } from '../../state/use-lab.ts'

/** Takes in a run that was exported elsewhere: from a native dialog, or from the browser's own. */
export function ImportRun({ shell }: Pick<LabDescription, 'shell'>) {
  const { connection } = useLabStore()
  const file = useRef<HTMLInputElement>(null)
  const [isBusy, setBusy] = useState(false)
  const take = async (taken: Promise<ImportOutcome | null>) => {
    setBusy(true)
    try {
      const outcome = await taken
      if (outcome !== null) tellImported(outcome)
    } catch (error) {
      tellProblem(asLabError(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={isBusy}
        onClick={() => {
          if (shell === 'desktop') void take(connection.call('import', {}))
          else file.current?.click()
        }}
      >
        <Import size={16} /> {isBusy ? 'Importing…' : 'Import…'}
      </button>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="File of a run"
        onChange={({ target }) => {
          const [chosen] = target.files ?? []
          // The browser reads it from the list of files, which goes on as it is.
          if (chosen !== undefined) void take(send(chosen))
          target.value = ''
        }}
      />
    </>
  )
}

function tellImported({ id, isNew }: ImportOutcome): void {
  const notice = notices.add({
    title: isNew ? `Imported as run ${id}` : `It is here already, as run ${id}`,
    actionProps: {
      children: 'Open',
      onClick: () => {
        notices.close(notice)
        goTo({ view: 'run', id })
      },
    },
  })
}

/** @throws Error with what is wrong with the file, in the lab's words */
async function send(file: File): Promise<ImportOutcome> {
  const response = await fetch(importPath, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: file,
  }).catch(() => {
    throw new Error(`${file.name} was not sent: the lab cannot be reached, or the file was changed`)
  })
  const text = await response.text()
  const answer = parsed(text)
  if (response.ok && answer?.id !== undefined && answer.isNew !== undefined) {
    return { id: answer.id, isNew: answer.isNew }
  }
  throw new Error(
    answer?.error?.message ??
      answer?.message ??
      `${file.name} was not imported: the lab answered ${response.status} ${response.statusText}`,
  )
}

type ImportAnswer = Partial<ImportOutcome & ErrorMessage & { readonly error: ErrorMessage }>

/** Undefined where it is no JSON of ours: a page in words. */
function parsed(text: string): ImportAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? answer : undefined
  } catch {
    return undefined
  }
}
