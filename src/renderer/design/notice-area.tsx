import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'

export function NoticeArea() {
  return (
    <Toast.Portal>
      <Toast.Viewport className="notices">
        <Notices />
      </Toast.Viewport>
    </Toast.Portal>
  )
}

function Notices() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="notice" swipeDirection={[]}>
      <Toast.Content className="notice-content">
        <div>
          <Toast.Title className="notice-title" />
          <Toast.Description className="notice-text" />
        </div>
        <Toast.Action className="button" />
        <Toast.Close className="icon-button" aria-label="Close the notice">
          <X size={16} />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
