import type { ServedParts } from '../commands/serve.ts'
import type { Program } from './program.ts'

/** The screen for a browser. */
export function addScreen({ command, perform }: Program, served: ServedParts): void {
  command('serve', 'show the screen in a browser on this machine')
    .option(
      '--port <N>',
      'where it listens; 0 for any that is free (default: 4747, or the next free)',
    )
    .option('--open', 'open the browser')
    .action(async (options) => {
      const { serveCommand } = await import('../commands/serve.ts')
      await perform(options, (shell) => serveCommand(shell, options, served))
    })
}
