import { formatSpan } from '../../shared/format.ts'
import { LabError } from '../../shared/model/problem.ts'
import { describeRange } from '../../shared/model/workload.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { brokenAt } from '../terminal/line-breaks.ts'
import { type RunOptions, runCommand } from './run.ts'

/** `corescope experiment [NAME]`: runs one; without a name, says what there is. */
export async function experimentCommand(
  shell: Shell,
  name: string | undefined,
  options: RunOptions,
): Promise<ExitCode> {
  if (name === undefined) return listExperiments(shell, options)
  const known = await shell.lab.experiments()
  const experiment = known.find((each) => each.name === name)
  if (experiment === undefined) {
    const names = known.map((each) => each.name).join(', ')
    throw new LabError('bad-input', `NAME: "${name}" is unknown; allowed: ${names}`)
  }
  const idle = flagsOfTasks.find((flag) => options[flag] !== undefined)
  if (experiment.probe !== null && idle !== undefined) {
    const [parameter = ''] = Object.keys(experiment.probe.parameters)
    const message = `--${idle}: ${name} brings its own work, which has no tasks; allowed: its parameters, as --param ${parameter}=…`
    throw new LabError('bad-input', message)
  }
  return runCommand(shell, undefined, { ...options, experiment: name })
}

/** They say how tasks are done: where there are none, they would be taken and do nothing. */
const flagsOfTasks = ['tasks', 'duration', 'scheduling', 'scaling'] as const

async function listExperiments({ lab, print }: Shell, { json }: RunOptions): Promise<ExitCode> {
  const experiments = await lab.experiments()
  if (json !== undefined) {
    print(`${JSON.stringify(experiments, null, 2)}\n`)
    return exitCodes.done
  }
  for (const { name, title, question, lookFor, probe } of experiments) {
    const { time_ms } = await lab.estimate({ experiment: name })
    const takes =
      time_ms === null ? 'how long is known after the first run' : `about ${formatSpan(time_ms)}`
    print(`${name} · ${title} · ${takes}\n    ${question}\n${indented(lookFor)}\n`)
    for (const [parameter, about] of Object.entries(probe?.parameters ?? {})) {
      const text = `--param ${parameter}=${about.default}  ${about.description}: ${describeRange(about)}`
      print(`${indented(text)}\n`)
    }
    print('\n')
  }
  print('"corescope experiment NAME" runs one; the flags of "corescope run" change its plan\n')
  return exitCodes.done
}

/** So that it can be read in a terminal of 80 columns. */
function indented(text: string): string {
  return brokenAt(text, 74).replace(/^/gm, '    ')
}
