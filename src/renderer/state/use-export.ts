import type { ExportOutcome, ParametersOf } from '../../shared/contract.ts'
import { notices, tellProblem } from '../design/notices.ts'
import { asLabError } from './lab-store.ts'
import { useLabStore } from './use-lab.ts'

/**
 * Hands something of the saved runs out as a file: through a save dialog in the desktop app, as a
 * download in a browser.
 *
 * @returns takes what is wanted, and what is told where it was saved
 */
export function useExport(): (wanted: ParametersOf<'export'>, title?: string) => Promise<void> {
  const { connection } = useLabStore()
  return async (wanted, title = 'Exported') => {
    try {
      handOut(await connection.call('export', wanted), title)
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
  }
}

/** Tells of a file that was saved, or has the browser keep what the web shell sends. */
export function handOut(outcome: ExportOutcome, title: string): void {
  if (outcome.kind === 'saved') notices.add({ title, description: outcome.path })
  if (outcome.kind === 'download') download(outcome.url)
}

function download(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  document.body.append(link)
  link.click()
  link.remove()
}
