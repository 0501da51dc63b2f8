import { Dialog } from '@base-ui/react/dialog'
import type { RunSummary } from '../../../shared/model/run.ts'
import { TagEditor } from './tag-editor.tsx'

/** The tags of a run of the list. */
export function TagsDialog({
  run,
  onClose,
}: {
  /** Null where none is wanted. */
  readonly run: RunSummary | null
  readonly onClose: () => void
}) {
  return (
    <Dialog.Root open={run !== null} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          {run !== null && (
            <>
              <Dialog.Title>Tags of run {run.id}</Dialog.Title>
              <Dialog.Description className="hint few-lines" dir="auto">
                {run.label}
              </Dialog.Description>
              <TagEditor id={run.id} tags={run.tags} label={`Tags of run ${run.id}`} />
              <div className="dialog-foot">
                <Dialog.Close className="button">Done</Dialog.Close>
              </div>
            </>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
