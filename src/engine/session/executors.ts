import type { Interpreter } from '../../shared/model/interpreter.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'

type Executed = Pick<PlannedConfiguration, 'runtime' | 'interpreter'>

/**
 * What executes the work of a run, in words, as "CPython 3.11.2 (GIL), PyPy 3.9.16".
 *
 * @param node what executes that of Node; it is named where there is some
 */
export function executorsOf(
  configurations: readonly Executed[],
  node: string | null,
): string | null {
  const names = new Set(
    configurations.map(({ interpreter }) => (interpreter === null ? node : executor(interpreter))),
  )
  names.delete(null)
  return names.size === 0 ? null : [...names].join(', ')
}

/** With the word on its lock where there are builds without. */
function executor({ implementation, version, gil }: Interpreter): string {
  const lock = gil ? ' (GIL)' : ' (no GIL)'
  return `${implementation} ${version}${implementation === 'CPython' || !gil ? lock : ''}`
}
