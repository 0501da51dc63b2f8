import { Option } from 'commander'
import { each, type Program } from './program.ts'

/** Commands that change a saved run, or put it away. */
export function addUpkeep({ command, perform }: Program): void {
  command('edit <run>', 'label a saved run, write notes, tag it, keep its samples')
    .option('--label <TEXT>', 'its name')
    .option('--notes <TEXT>', 'anything worth keeping with it')
    .addOption(new Option('--tag <TAG>', 'one more tag; may be given again').argParser(each))
    .addOption(new Option('--untag <TAG>', 'one tag less; may be given again').argParser(each))
    .option('--keep', 'never thin its samples')
    .option('--no-keep', 'thin its samples like those of others')
    .action(async (name: string, options) => {
      const { editCommand } = await import('../commands/upkeep.ts')
      await perform(options, (shell) => editCommand(shell, name, options))
    })

  command('baseline [run]', 'hold others of its workload against a run; without one, list them')
    .option('--clear', 'no longer')
    .action(async (name: string | undefined, options) => {
      const { baselineCommand } = await import('../commands/upkeep.ts')
      await perform(options, (shell) => baselineCommand(shell, name, options))
    })

  command('delete <run>', 'delete a saved run; it can be restored for 30 days')
    .option('--now', 'for good')
    .action(async (name: string, options) => {
      const { deleteCommand } = await import('../commands/upkeep.ts')
      await perform(options, (shell) => deleteCommand(shell, name, options))
    })

  command('restore <run>', 'bring a deleted run back').action(async (name: string, options) => {
    const { restoreCommand } = await import('../commands/upkeep.ts')
    await perform(options, (shell) => restoreCommand(shell, name))
  })
}
