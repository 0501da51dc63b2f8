import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError, Option } from 'commander'
import { defaultDatabasePath, Lab, programsIn } from '../engine/lab.ts'
import { LabError, printable } from '../shared/model/problem.ts'
import { addComparing } from './command-line/comparing.ts'
import { addLibrary } from './command-line/library.ts'
import { addMachine } from './command-line/machine.ts'
import type { Action, DatabaseOption, Program } from './command-line/program.ts'
import { addRunning } from './command-line/running.ts'
import { addSavedRuns } from './command-line/saved-runs.ts'
import { addScreen } from './command-line/screen.ts'
import { addUpkeep } from './command-line/upkeep.ts'
import { exitCodes } from './shell.ts'

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

const commands: Program = {
  line: program,
  command: (usage, description, parent = program) =>
    parent
      .command(usage)
      .description(description)
      .addOption(new Option('--db <file>', 'database of the runs')),
  perform: ({ db }, action) => perform(db ?? program.opts<DatabaseOption>().db, action),
}

// In the order in which the help lists them.
addRunning(commands)
addScreen(commands, {
  version,
  pageFolder: here('../renderer'),
  plansFolder: here('../../resources/plans'),
})
addSavedRuns(commands)
addComparing(commands)
addUpkeep(commands)
addLibrary(commands)
addMachine(commands)

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
