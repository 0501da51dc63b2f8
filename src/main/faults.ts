import { app, dialog } from 'electron'
import { LabError, printable } from '../shared/model/problem.ts'

/** A fault of ours, or of the installation, that leaves nothing to go on with. */
export function endWithFault(error: unknown): void {
  if (error instanceof LabError) {
    dialog.showErrorBox('Corescope cannot go on', printable(error.message))
  } else {
    if (error instanceof Error) process.stderr.write(`${error.stack}\n`)
    const what = error instanceof Error ? error.message : String(error)
    dialog.showErrorBox('Corescope has failed', printable(what))
  }
  app.exit(1)
}

/** Shows what nobody has caught, and ends: after it, nothing is certain any more. */
export function endOnFaults(): void {
  process.on('uncaughtException', endWithFault)
  process.on('unhandledRejection', endWithFault)
}
