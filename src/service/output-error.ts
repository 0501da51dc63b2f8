import { LabError } from '../shared/model/problem.ts'

/** Why a file could not be written, in one line. */
export function outputError(error: unknown, path: string): LabError {
  if (error instanceof LabError) return error
  return new LabError('output', `cannot write ${path}: ${cause(error, path)}`)
}

/** Why a run's file could not be read, in one line; what is no error of the file system as it is. */
export function readingError(error: unknown, path: string): unknown {
  if (error instanceof LabError) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  const why =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'EISDIR'
        ? 'it is a folder'
        : code === 'EACCES' || code === 'EPERM'
          ? 'it may not be read'
          : (error as Error).message
  const allowed = 'a run that Corescope has exported as JSON'
  return new LabError('bad-input', `${path}: ${why}; allowed: ${allowed}`)
}

/** What the file system has said, in words. */
export function cause(error: unknown, path: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EISDIR':
      return `${path} is a folder`
    case 'ENOENT':
      return `${path} cannot be made there`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${path} may not be written to`
    case 'EEXIST':
    case 'ENOTDIR':
      return `${path} is no folder`
    case 'ENOSPC':
      return 'the disk is full'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
