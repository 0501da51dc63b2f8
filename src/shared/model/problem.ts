/** One thing that is wrong with what a user gave: where, what was found, what is allowed. */
export interface Problem {
  /** Path into the document, as `workers[1]` or `parameters.n`; empty for the document itself. */
  readonly path: string
  readonly message: string
}

/** Problems of a plan on one line, each with its place. */
export function problemLine(problems: readonly Problem[]): string {
  return problems
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ')
}

export type LabErrorCode =
  | 'bad-input'
  | 'not-found'
  | 'does-not-fit'
  | 'database'
  | 'database-full'
  | 'output'
  | 'busy'
  /** A message that is none of the contract's. */
  | 'bad-request'
  /** A fault of ours. */
  | 'internal'
  /** The lab cannot be reached. */
  | 'disconnected'

/**
 * An error that a user can act on. Its message is one line that says what was wrong, where, and what
 * is allowed; it crosses every shell as `{ code, message, details }`.
 */
export class LabError extends Error {
  readonly code: LabErrorCode
  readonly details: readonly Problem[]

  constructor(code: LabErrorCode, message: string, details: readonly Problem[] = []) {
    super(message)
    this.name = 'LabError'
    this.code = code
    this.details = details
  }
}

/** A value as a short, harmless piece of one line, for an error text. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return `"${printable(value.length > 60 ? `${value.slice(0, 60)}…` : value)}"`
  }
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (value === undefined) return 'nothing'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function') return 'a function'
  const text = String(value)
  return printable(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

/** Text with control characters made visible, so that it can neither break a line nor drive a terminal. */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
