import {
  equipmentOf,
  type FoundInterpreter,
  usualInterpreter,
} from '../../shared/model/found-interpreter.ts'
import { interpreterName } from '../../shared/model/interpreter.ts'
import { printable } from '../../shared/model/problem.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'

interface Options {
  readonly json?: boolean
}

/** `corescope interpreters`: what there is, what each has, and why the others cannot be used. */
export async function interpretersCommand(
  { lab, print, tell }: Shell,
  { json }: Options,
): Promise<ExitCode> {
  const found = await lab.interpreters.list()
  if (json) {
    print(`${JSON.stringify(found, null, 2)}\n`)
    return exitCodes.done
  }
  print(interpretersReport(found))
  if (usualInterpreter(found) === null) {
    tell('no Python that can be used; "corescope interpreters add PATH" adds one\n')
  }
  return exitCodes.done
}

/** Those that can be used first. */
export function interpretersReport(found: readonly FoundInterpreter[]): string {
  const usual = usualInterpreter(found)
  const lines = found.flatMap((each) => {
    const { path, interpreter, names, isAdded } = each
    if (interpreter === null) return []
    const marks = [...(each === usual ? ['the default'] : []), ...(isAdded ? ['added'] : [])]
    const also = names.filter((name) => name !== path)
    return [
      `${interpreterName(interpreter)}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`,
      `    ${path}`,
      `    ${equipmentOf(interpreter)}`,
      ...(also.length === 0 ? [] : [`    also ${also.join(', ')}`]),
    ]
  })
  const others = found.flatMap(({ path, why }) => (why === null ? [] : `  ${path} ${why}`))
  return [...lines, ...(others.length === 0 ? [] : ['cannot be used:', ...others])]
    .map((line) => `${printable(line)}\n`)
    .join('')
}

/** `corescope interpreters add PATH` */
export async function addInterpreterCommand(
  { lab, print, tell }: Shell,
  path: string,
  { json }: Options,
): Promise<ExitCode> {
  const found = await lab.interpreters.add(path)
  if (json) print(`${JSON.stringify(found, null, 2)}\n`)
  else if (found.interpreter !== null) {
    tell(printable(`added ${interpreterName(found.interpreter)}: ${found.path}`))
    tell('\n')
  }
  return exitCodes.done
}

/** `corescope interpreters remove PATH` */
export async function removeInterpreterCommand(
  { lab, tell }: Shell,
  path: string,
): Promise<ExitCode> {
  await lab.interpreters.remove(path)
  tell(`no longer added: ${printable(path)}\n`)
  return exitCodes.done
}
