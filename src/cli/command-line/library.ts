import type { Program } from './program.ts'

/** The saved runs as a whole. */
export function addLibrary({ command, perform }: Program): void {
  const library = command('library', 'show what the saved runs take; thin, compact, back up')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { libraryCommand } = await import('../commands/library.ts')
      await perform(options, (shell) => libraryCommand(shell, options))
    })

  command('thin', 'thin the samples of old runs to what their charts show, never results', library)
    .option('--after <DAYS>', 'of runs older than so many days, from now on; or never')
    .option('--now', 'at once')
    .action(async (options) => {
      const { thinCommand } = await import('../commands/library.ts')
      await perform({ ...library.opts(), ...options }, (shell) => thinCommand(shell, options))
    })

  command('compact', 'give the space of what was deleted back to the system', library).action(
    async (options) => {
      const { compactCommand } = await import('../commands/library.ts')
      await perform({ ...library.opts(), ...options }, (shell) => compactCommand(shell))
    },
  )

  command('backup <file>', 'copy the database into a file, while it may be in use', library).action(
    async (file: string, options) => {
      const { backupCommand } = await import('../commands/library.ts')
      await perform({ ...library.opts(), ...options }, (shell) => backupCommand(shell, file))
    },
  )
}
