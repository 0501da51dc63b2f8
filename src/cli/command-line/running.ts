import { type Command, Option } from 'commander'
import { planFlags } from '../../shared/model/plan.ts'
import { each, type Program } from './program.ts'

/** The defaults that are told are those of a plain run. */
const planOfItsOwn =
  '\nAn experiment has a plan of its own: a flag that is not given is as it stands there.'

/** Commands that run a plan. */
export function addRunning({ command, perform }: Program): void {
  withPlan(
    command('run [plan]', 'run a plan, from a JSON file, from flags, or both').option(
      '--like <RUN>',
      'begin with the plan of a saved run; flags say what is different',
    ),
  ).action(async (plan: string | undefined, options) => {
    const { runCommand } = await import('../commands/run.ts')
    await perform(options, (shell) => runCommand(shell, plan, options))
  })

  withPlan(
    command(
      'experiment [name]',
      'show one of the differences; without a name, list them all',
    ).addHelpText('after', planOfItsOwn),
    ['experiment'],
  ).action(async (name: string | undefined, options) => {
    const { experimentCommand } = await import('../commands/experiment.ts')
    await perform(options, (shell) => experimentCommand(shell, name, options))
  })

  withPlan(
    command(
      'sweep [plan]',
      'run a plan at every number of workers: speed-up, efficiency and their laws',
    ).addHelpText('after', planOfItsOwn),
    ['experiment'],
  ).action(async (plan: string | undefined, options) => {
    const { runCommand } = await import('../commands/run.ts')
    await perform(options, (shell) => runCommand(shell, plan, { ...options, experiment: 'sweep' }))
  })
}

/** What all commands that run a plan take. */
function withPlan(running: Command, without: readonly string[] = []): Command {
  for (const { flag, value, about, form, default: fallback } of planFlags()) {
    if (without.includes(flag)) continue
    const text = fallback === null || fallback === '' ? about : `${about} (default: ${fallback})`
    const option = new Option(`--${flag} <${value}>`, text)
    if (form === 'pairs' || form === 'paths') option.argParser(each)
    running.addOption(option)
  }
  return running
    .option('--csv <DIR>', 'write its tables there, as CSV')
    .option('--json <FILE>', 'write the run as one JSON document; - for standard output')
    .option('--force', 'run workers that are not thought to fit the machine')
    .option('--quiet', 'print nothing but what --json - asks for')
}
