import { describeRange } from '../../shared/model/workload.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'

/** `corescope workloads` */
export async function workloadsCommand(
  { lab, print }: Shell,
  { json }: { readonly json?: boolean },
): Promise<ExitCode> {
  const workloads = await lab.workloads()
  if (json) {
    print(`${JSON.stringify(workloads, null, 2)}\n`)
    return exitCodes.done
  }
  for (const { name, kind, description, parameters } of workloads) {
    print(`${name} (${kind})  ${description}\n`)
    for (const [parameter, about] of Object.entries(parameters)) {
      print(`    ${parameter}=${about.default}  ${about.description}: ${describeRange(about)}\n`)
    }
  }
  return exitCodes.done
}
