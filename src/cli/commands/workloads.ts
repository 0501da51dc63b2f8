import { describeRange, runtimesOf } from '../../shared/model/workload.ts'
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
  for (const workload of workloads) {
    const { name, kind, description, parameters } = workload
    print(`${name} (${kind})  ${description}\n`)
    print(`    runs in ${runtimesOf(workload).join(', ')}\n`)
    for (const [parameter, about] of Object.entries(parameters)) {
      print(`    ${parameter}=${about.default}  ${about.description}: ${describeRange(about)}\n`)
    }
  }
  return exitCodes.done
}
