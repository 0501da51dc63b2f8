import { useEffect } from 'react'
import type { ExportProgress } from '../../../shared/contract.ts'
import { notices, tellProblem } from '../../design/notices.ts'
import { asLabError, type LabStore } from '../../state/lab-store.ts'

/** Says of each file that takes a while how far it has come, with a button that ends it. */
export function useExportNotices(store: LabStore): void {
  useEffect(() => {
    const shown = new Map<number, string>()
    const cancel = (exportId: number) => {
      store.connection
        .call('cancelExport', { exportId })
        .catch((error: unknown) => tellProblem(asLabError(error).message))
    }
    return store.exports.on((progress) => {
      const { exportId, name, state } = progress
      const notice = shown.get(exportId)
      if (state !== 'running') {
        shown.delete(exportId)
        if (notice !== undefined) notices.close(notice)
        if (state === 'cancelled') notices.add({ title: 'Cancelled', description: name })
        return
      }
      const words = {
        title: `Exporting ${name}`,
        description: <ShareDone progress={progress} />,
        timeout: 0,
        actionProps: { children: 'Cancel', onClick: () => cancel(exportId) },
      }
      if (notice === undefined) shown.set(exportId, notices.add(words))
      else notices.update(notice, words)
    })
  }, [store])
}

function ShareDone({ progress: { name, share } }: { readonly progress: ExportProgress }) {
  const label = `How much of ${name} is written`
  if (share === null) return <progress className="share-done" aria-label={label} />
  return (
    <>
      <progress className="share-done" aria-label={label} value={share} /> {Math.floor(100 * share)}{' '}
      %
    </>
  )
}
