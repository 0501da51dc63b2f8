import type { Lab } from '../engine/lab.ts'

/** What every command is given. */
export interface Shell {
  readonly lab: Lab
  /** Writes to standard output: results, and nothing else. */
  print(text: string): void
  /** Writes to standard error: progress and messages. */
  tell(text: string): void
  readonly isTerminal: boolean
  /** Of the terminal that results are read in; left out where they are piped. */
  readonly columns?: number | undefined
}

/** How a command has ended, as the shell's exit code. */
export const exitCodes = { done: 0, unsound: 1, badInput: 2, interrupted: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
