import { LabError } from '../shared/model/problem.ts'

/** Why a file could not be written, in one line. */
export function outputError(error: unknown, path: string): LabError {
  if (error instanceof LabError) return error
  return new LabError('output', `cannot write ${path}: ${cause(error, path)}`)
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
