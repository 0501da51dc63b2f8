import { Toast } from '@base-ui/react/toast'

/** Short notices at the foot of the window, also for what is no component. */
export const notices = Toast.createToastManager()

export function tellProblem(message: string): void {
  notices.add({
    title: 'That did not work',
    description: message,
    type: 'problem',
    timeout: 12_000,
  })
}

/** What was told is over: a run begins. */
export function clearProblems(): void {
  notices.close()
}
