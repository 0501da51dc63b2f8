import { Option } from 'commander'
import { models, runtimes } from '../../shared/model/execution-model.ts'
import { runStatuses } from '../../shared/model/run.ts'
import { runFormats } from '../formats.ts'
import { runSorts } from '../run-sorts.ts'
import type { Program } from './program.ts'

/** Commands that find saved runs and show them, hand them out and take them in. */
export function addSavedRuns({ command, perform }: Program): void {
  command('runs [words...]', 'find saved runs by words in label, notes, tags, workload, machine …')
    .option('--workload <W>', 'only of this workload')
    .addOption(
      new Option('--runtime <R>', 'only where this runtime is in the plan').choices(runtimes),
    )
    .addOption(new Option('--model <M>', 'only where this model is in the plan').choices(models))
    .option('--machine <M>', 'only of the machine of this name')
    .addOption(new Option('--status <S>', 'only of this status').choices(runStatuses))
    .option('--tag <T>', 'only with this tag')
    .option('--experiment <E>', 'only of this experiment')
    .option('--from <DATE>', 'only started then or later')
    .option('--before <DATE>', 'only started before')
    .addOption(
      new Option('--sort <ORDER>', 'what comes first (default: when, the newest)').choices(
        Object.keys(runSorts),
      ),
    )
    .option('--reverse', 'the other way round')
    .option('--away', 'those that were deleted and can be restored')
    .option('--limit <N>', 'at most so many (default: 25; as JSON all)')
    .option('--json', 'as JSON')
    .action(async (words: string[], options) => {
      const { runsCommand } = await import('../commands/runs.ts')
      await perform(options, (shell) => runsCommand(shell, words, options))
    })

  command('show <run>', 'show a saved run, by its number, or the last')
    .option('--json', 'as JSON')
    .option('--plan', 'its plan alone, as a file that can be run')
    .action(async (name: string, options) => {
      const { showCommand } = await import('../commands/show.ts')
      await perform(options, (shell) => showCommand(shell, name, options))
    })

  command('export <run>', 'write a saved run to files')
    .addOption(
      new Option(
        '--format <format>',
        'csv: tables in a folder; json: all of the run, to be imported elsewhere; markdown, html: a report; svg, png: a chart; trace: for Perfetto and chrome://tracing; hyperfine: its JSON',
      )
        .choices(['csv', ...Object.keys(runFormats)])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <path>', 'the folder (csv), or the file (- for standard output)')
    .option('--chart <name>', 'which chart (svg, png)')
    .addOption(new Option('--theme <theme>', 'of a chart').choices(['light', 'dark']))
    .option('--no-samples', 'leave out what was recorded over time (json)')
    .action(async (name: string, options) => {
      const { exportCommand } = await import('../commands/exchange.ts')
      await perform(options, (shell) => exportCommand(shell, name, options))
    })

  command(
    'import <files...>',
    'bring in runs that were exported as JSON; - for standard input',
  ).action(async (files: string[], options) => {
    const { importCommand } = await import('../commands/exchange.ts')
    await perform(options, (shell) => importCommand(shell, files))
  })
}
