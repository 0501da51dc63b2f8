import { type Command, Option } from 'commander'
import { comparisonFormats } from '../formats.ts'
import { each, type Program } from './program.ts'

/** Commands that hold saved runs against each other. */
export function addComparing({ command, perform }: Program): void {
  withGate(
    command(
      'compare <sides...>',
      'compare saved runs, or configurations of them, with the first: RUN or RUN:CONFIGURATION, as 12, last, baseline, 12:threads/4, 12:2',
    )
      .option('--metric <LIST>', 'the figures that are shown (default: all); repeatable', each)
      .addOption(
        new Option('--format <format>', 'write it to a file as well').choices(
          Object.keys(comparisonFormats),
        ),
      )
      .option('--out <file>', 'which file; - for standard output')
      .option('--chart <name>', 'which chart (svg, png)')
      .addOption(new Option('--theme <theme>', 'of a chart').choices(['light', 'dark'])),
  ).action(async (sides: string[], options) => {
    const { compareCommand } = await import('../commands/compare.ts')
    await perform(options, (shell) => compareCommand(shell, sides, options))
  })

  withGate(
    command(
      'trend <side>',
      'one configuration over all its runs, held against the baseline: RUN:CONFIGURATION, as last:threads/4',
    ).option('--metric <NAME>', 'the figure that is shown (default: throughput_per_s)'),
  ).action(async (side: string, options) => {
    const { trendCommand } = await import('../commands/compare.ts')
    await perform(options, (shell) => trendCommand(shell, side, options))
  })
}

/** What makes a comparison a gate: repeatable. */
function withGate(judging: Command): Command {
  return judging
    .option(
      '--fail-if <THRESHOLD>',
      'exit with 1 where a ratio is so, as "throughput_per_s < 0.95"; repeatable',
      each,
    )
    .option(
      '--fail-if-shown <THRESHOLD>',
      'the same, where the difference is no chance either; repeatable',
      each,
    )
    .option('--across-machines', 'compare runs of different machines: the machine is what differs')
    .option('--json', 'as JSON')
}
