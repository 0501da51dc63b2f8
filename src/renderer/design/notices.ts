import { Toast } from '@base-ui/react/toast'
import type { Problem } from '../../shared/model/problem.ts'

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

/** Problems of a plan on one line, each with its place. */
export function problemLine(problems: readonly Problem[]): string {
  return problems
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ')
}

/** What was told is over: a run begins. */
export function clearProblems(): void {
  notices.close()
}
