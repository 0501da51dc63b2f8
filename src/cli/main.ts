import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError, Option } from 'commander'
import { defaultDatabasePath, Lab, programsIn } from '../engine/lab.ts'
import { models, runtimes } from '../shared/model/execution-model.ts'
import { planFlags } from '../shared/model/plan.ts'
import { LabError, printable } from '../shared/model/problem.ts'
import { runStatuses } from '../shared/model/run.ts'
import { comparisonFormats, runFormats } from './formats.ts'
import { runSorts } from './run-sorts.ts'
import { type ExitCode, exitCodes, type Shell } from './shell.ts'

/*
 * The terminal shell's composition root: where paths and the outside world come in. Commands are
 * loaded when they are called, so that the cheap ones stay cheap.
 */
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const { version } = JSON.parse(readFileSync(here('../../package.json'), 'utf8')) as {
  version: string
}

/** A folder that has been deleted can still be stood in, but no path and no program starts there. */
function isFolderThere(): boolean {
  try {
    process.cwd()
    return true
  } catch {
    return false
  }
}

type Action = (shell: Shell) => Promise<ExitCode>

/** Whatever is wrong is told on one line; only a fault of ours shows where it happened. */
async function perform(databasePath: string | undefined, action: Action): Promise<void> {
  if (!isFolderThere()) {
    const allowed = 'to be in one that is (cd)'
    process.stderr.write(
      `corescope: the current folder is not there any more; allowed: ${allowed}\n`,
    )
    process.exitCode = exitCodes.badInput
    return
  }
  const lab = new Lab({
    databasePath: databasePath ?? process.env.CORESCOPE_DB ?? defaultDatabasePath(),
    programs: programsIn(here('../programs')),
    version,
  })
  try {
    process.exitCode = await action({
      lab,
      print: (text) => void process.stdout.write(text),
      tell: (text) => void process.stderr.write(text),
      isTerminal: process.stderr.isTTY === true,
      columns: process.stdout.columns,
    })
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    process.stderr.write(`corescope: ${printable(error.message)}\n`)
    const isInput = ['bad-input', 'not-found', 'does-not-fit', 'database', 'busy']
    process.exitCode = isInput.includes(error.code) ? exitCodes.badInput : exitCodes.unsound
  } finally {
    await lab.close()
  }
}

const program = new Command('corescope')
  .description('processes or threads? runs the same work both ways and says what the difference is')
  .version(version)
  .option(
    '--db <file>',
    'database of the runs (default: the platform’s data folder, or CORESCOPE_DB)',
  )
  .configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, 'corescope: ')),
  })
  .exitOverride()
  .showSuggestionAfterError(true)

function command(usage: string, description: string, parent = program): Command {
  return parent
    .command(usage)
    .description(description)
    .addOption(new Option('--db <file>', 'database of the runs'))
}

function databaseOf(options: { readonly db?: string }): string | undefined {
  return options.db ?? program.opts<{ db?: string }>().db
}

/** What all commands that run a plan take. */
function withPlan(running: Command, without: readonly string[] = []): Command {
  for (const { flag, value, about, form, default: fallback } of planFlags()) {
    if (without.includes(flag)) continue
    const text = fallback === null || fallback === '' ? about : `${about} (default: ${fallback})`
    const option = new Option(`--${flag} <${value}>`, text)
    if (form === 'pairs' || form === 'paths')
      option.argParser((next: string, all: string[] = []) => [...all, next])
    running.addOption(option)
  }
  return running
    .option('--csv <DIR>', 'write its tables there, as CSV')
    .option('--json <FILE>', 'write the run as one JSON document; - for standard output')
    .option('--force', 'run workers that are not thought to fit the machine')
    .option('--quiet', 'print nothing but what --json - asks for')
}

/** The defaults that are told are those of a plain run. */
const planOfItsOwn =
  '\nAn experiment has a plan of its own: a flag that is not given is as it stands there.'

withPlan(
  command('run [plan]', 'run a plan, from a JSON file, from flags, or both').option(
    '--like <RUN>',
    'begin with the plan of a saved run; flags say what is different',
  ),
).action(async (plan: string | undefined, options) => {
  const { runCommand } = await import('./commands/run.ts')
  await perform(databaseOf(options), (shell) => runCommand(shell, plan, options))
})

withPlan(
  command(
    'experiment [name]',
    'show one of the differences; without a name, list them all',
  ).addHelpText('after', planOfItsOwn),
  ['experiment'],
).action(async (name: string | undefined, options) => {
  const { experimentCommand } = await import('./commands/experiment.ts')
  await perform(databaseOf(options), (shell) => experimentCommand(shell, name, options))
})

withPlan(
  command(
    'sweep [plan]',
    'run a plan at every number of workers: speed-up, efficiency and their laws',
  ).addHelpText('after', planOfItsOwn),
  ['experiment'],
).action(async (plan: string | undefined, options) => {
  const { runCommand } = await import('./commands/run.ts')
  await perform(databaseOf(options), (shell) =>
    runCommand(shell, plan, { ...options, experiment: 'sweep' }),
  )
})

command('serve', 'show the screen in a browser on this machine')
  .option(
    '--port <N>',
    'where it listens; 0 for any that is free (default: 4747, or the next free)',
  )
  .option('--open', 'open the browser')
  .action(async (options) => {
    const { serveCommand } = await import('./commands/serve.ts')
    await perform(databaseOf(options), (shell) =>
      serveCommand(shell, options, {
        version,
        pageFolder: here('../renderer'),
        plansFolder: here('../../resources/plans'),
      }),
    )
  })

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
    const { runsCommand } = await import('./commands/runs.ts')
    await perform(databaseOf(options), (shell) => runsCommand(shell, words, options))
  })

command('show <run>', 'show a saved run, by its number, or the last')
  .option('--json', 'as JSON')
  .option('--plan', 'its plan alone, as a file that can be run')
  .action(async (name: string, options) => {
    const { showCommand } = await import('./commands/show.ts')
    await perform(databaseOf(options), (shell) => showCommand(shell, name, options))
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
    const { exportCommand } = await import('./commands/exchange.ts')
    await perform(databaseOf(options), (shell) => exportCommand(shell, name, options))
  })

command(
  'import <files...>',
  'bring in runs that were exported as JSON; - for standard input',
).action(async (files: string[], options) => {
  const { importCommand } = await import('./commands/exchange.ts')
  await perform(databaseOf(options), (shell) => importCommand(shell, files))
})

/** Of an option that may be given again. */
const each = (next: string, all: string[] = []) => [...all, next]

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
  const { compareCommand } = await import('./commands/compare.ts')
  await perform(databaseOf(options), (shell) => compareCommand(shell, sides, options))
})

withGate(
  command(
    'trend <side>',
    'one configuration over all its runs, held against the baseline: RUN:CONFIGURATION, as last:threads/4',
  ).option('--metric <NAME>', 'the figure that is shown (default: throughput_per_s)'),
).action(async (side: string, options) => {
  const { trendCommand } = await import('./commands/compare.ts')
  await perform(databaseOf(options), (shell) => trendCommand(shell, side, options))
})

command('edit <run>', 'label a saved run, write notes, tag it, keep its samples')
  .option('--label <TEXT>', 'its name')
  .option('--notes <TEXT>', 'anything worth keeping with it')
  .addOption(new Option('--tag <TAG>', 'one more tag; may be given again').argParser(each))
  .addOption(new Option('--untag <TAG>', 'one tag less; may be given again').argParser(each))
  .option('--keep', 'never thin its samples')
  .option('--no-keep', 'thin its samples like those of others')
  .action(async (name: string, options) => {
    const { editCommand } = await import('./commands/upkeep.ts')
    await perform(databaseOf(options), (shell) => editCommand(shell, name, options))
  })

command('baseline [run]', 'hold others of its workload against a run; without one, list them')
  .option('--clear', 'no longer')
  .action(async (name: string | undefined, options) => {
    const { baselineCommand } = await import('./commands/upkeep.ts')
    await perform(databaseOf(options), (shell) => baselineCommand(shell, name, options))
  })

command('delete <run>', 'delete a saved run; it can be restored for 30 days')
  .option('--now', 'for good')
  .action(async (name: string, options) => {
    const { deleteCommand } = await import('./commands/upkeep.ts')
    await perform(databaseOf(options), (shell) => deleteCommand(shell, name, options))
  })

command('restore <run>', 'bring a deleted run back').action(async (name: string, options) => {
  const { restoreCommand } = await import('./commands/upkeep.ts')
  await perform(databaseOf(options), (shell) => restoreCommand(shell, name))
})

const library = command('library', 'show what the saved runs take; thin, compact, back up')
  .option('--json', 'as JSON')
  .action(async (options) => {
    const { libraryCommand } = await import('./commands/library.ts')
    await perform(databaseOf(options), (shell) => libraryCommand(shell, options))
  })

command('thin', 'thin the samples of old runs to what their charts show, never results', library)
  .option('--after <DAYS>', 'of runs older than so many days, from now on; or never')
  .option('--now', 'at once')
  .action(async (options) => {
    const { thinCommand } = await import('./commands/library.ts')
    await perform(databaseOf({ ...library.opts(), ...options }), (shell) =>
      thinCommand(shell, options),
    )
  })

command('compact', 'give the space of what was deleted back to the system', library).action(
  async (options) => {
    const { compactCommand } = await import('./commands/library.ts')
    await perform(databaseOf({ ...library.opts(), ...options }), (shell) => compactCommand(shell))
  },
)

command('backup <file>', 'copy the database into a file, while it may be in use', library).action(
  async (file: string, options) => {
    const { backupCommand } = await import('./commands/library.ts')
    await perform(databaseOf({ ...library.opts(), ...options }), (shell) =>
      backupCommand(shell, file),
    )
  },
)

program
  .command('workloads')
  .description('list what can be run, with its parameters')
  .option('--json', 'as JSON')
  .action(async (options) => {
    const { workloadsCommand } = await import('./commands/workloads.ts')
    await perform(undefined, (shell) => workloadsCommand(shell, options))
  })

const interpreters = command(
  'interpreters',
  'list the Pythons of this machine that work can be run by',
)
  .option('--json', 'as JSON')
  .action(async (options) => {
    const { interpretersCommand } = await import('./commands/interpreters.ts')
    await perform(databaseOf(options), (shell) => interpretersCommand(shell, options))
  })

command(
  'add <path>',
  'one that is not found by itself, or the folder of its environment',
  interpreters,
)
  .option('--json', 'as JSON')
  .action(async (path: string, options) => {
    const { addInterpreterCommand } = await import('./commands/interpreters.ts')
    const all = { ...interpreters.opts(), ...options }
    await perform(databaseOf(all), (shell) => addInterpreterCommand(shell, path, all))
  })

command('remove <path>', 'take back what was added', interpreters).action(
  async (path: string, options) => {
    const { removeInterpreterCommand } = await import('./commands/interpreters.ts')
    await perform(databaseOf({ ...interpreters.opts(), ...options }), (shell) =>
      removeInterpreterCommand(shell, path),
    )
  },
)

command('doctor', 'show the machine, what makes its figures less sure, and the database')
  .option('--json', 'as JSON')
  .option('--repair', 'check the whole database; save what can be read of a damaged one')
  .option('--out <FILE>', 'with --repair: the new database (default: beside the old one)')
  .action(async (options) => {
    const { doctorCommand } = await import('./commands/doctor.ts')
    await perform(databaseOf(options), (shell) =>
      doctorCommand(shell, options, process.stdout.columns),
    )
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
    const { selfTestCommand } = await import('./commands/selftest.ts')
    await perform(databaseOf(options), (shell) => selfTestCommand(shell, options))
  })

/*
 * A reader that has read enough, as `head` does, or a terminal that has been closed, is no fault; what
 * is measured is kept all the same. Output that is lost otherwise is.
 */
const goneReader = ['EPIPE', 'EIO', 'ENXIO', 'ERR_STREAM_DESTROYED']
for (const stream of [process.stdout, process.stderr]) {
  let isTold = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isTold || goneReader.includes(error.code ?? '')) return
    isTold = true
    if (stream === process.stdout) {
      process.stderr.write(`corescope: cannot write to standard output: ${error.message}\n`)
    }
    process.exit(exitCodes.unsound)
  })
}

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badInput
}
