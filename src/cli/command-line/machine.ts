import type { Program } from './program.ts'

/** What the machine can run, and how far its figures can be trusted. */
export function addMachine({ line, command, perform }: Program): void {
  // No database is opened for it.
  line
    .command('workloads')
    .description('list what can be run, with its parameters')
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { workloadsCommand } = await import('../commands/workloads.ts')
      await perform({}, (shell) => workloadsCommand(shell, options))
    })

  const interpreters = command(
    'interpreters',
    'list the Pythons of this machine that work can be run by',
  )
    .option('--json', 'as JSON')
    .action(async (options) => {
      const { interpretersCommand } = await import('../commands/interpreters.ts')
      await perform(options, (shell) => interpretersCommand(shell, options))
    })

  command(
    'add <path>',
    'one that is not found by itself, or the folder of its environment',
    interpreters,
  )
    .option('--json', 'as JSON')
    .action(async (path: string, options) => {
      const { addInterpreterCommand } = await import('../commands/interpreters.ts')
      const all = { ...interpreters.opts(), ...options }
      await perform(all, (shell) => addInterpreterCommand(shell, path, all))
    })

  command('remove <path>', 'take back what was added', interpreters).action(
    async (path: string, options) => {
      const { removeInterpreterCommand } = await import('../commands/interpreters.ts')
      await perform({ ...interpreters.opts(), ...options }, (shell) =>
        removeInterpreterCommand(shell, path),
      )
    },
  )

  command('doctor', 'show the machine, what makes its figures less sure, and the database')
    .option('--json', 'as JSON')
    .option('--repair', 'check the whole database; save what can be read of a damaged one')
    .option('--out <FILE>', 'with --repair: the new database (default: beside the old one)')
    .action(async (options) => {
      const { doctorCommand } = await import('../commands/doctor.ts')
      await perform(options, (shell) => doctorCommand(shell, options, process.stdout.columns))
    })

  command(
    'selftest',
    'prove on this machine that differences are found, and none where there is none',
  )
    .option('--trials <N>', 'trials of each side (default: 30)')
    .option('--slowdown <P>', 'per cent of more work that is to be found (default: 5)')
    .option(
      '--json [FILE]',
      'write the report as JSON; without a file, or with -, to standard output',
    )
    .option('--quiet', 'print nothing but what --json asks for')
    .action(async (options) => {
      const { selfTestCommand } = await import('../commands/selftest.ts')
      await perform(options, (shell) => selfTestCommand(shell, options))
    })
}
