import { LabError, type LabErrorCode, type Problem, printable } from '../model/problem.ts'

/** An error as it crosses a connection. */
export interface ErrorMessage {
  readonly code: LabErrorCode
  readonly message: string
  readonly details: readonly Problem[]
}

export type LabReply = { readonly result: unknown } | { readonly error: ErrorMessage }

export function errorMessage(error: unknown): ErrorMessage {
  if (error instanceof LabError) {
    const { code, message, details } = error
    return { code, message: printable(message), details }
  }
  const what = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message: `Corescope has failed: ${printable(what)}`, details: [] }
}
