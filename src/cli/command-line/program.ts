import type { Command } from 'commander'
import type { ExitCode, Shell } from '../shell.ts'

/** What a command does; its exit code. */
export type Action = (shell: Shell) => Promise<ExitCode>

/** What every command takes. */
export interface DatabaseOption {
  readonly db?: string
}

/** The program as those see it who add commands to it. */
export interface Program {
  readonly line: Command
  /**
   * Adds a command that has a database.
   *
   * @param parent the command that it belongs to, where it is none of the program's own
   */
  command(usage: string, description: string, parent?: Command): Command
  /** Performs on the database that is named in the options, else before the command. */
  perform(options: DatabaseOption, action: Action): Promise<void>
}

/** Collects an option that may be given again. */
export const each = (next: string, all: string[] = []) => [...all, next]
