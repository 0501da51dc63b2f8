import type { Interpreter } from '../../shared/model/interpreter.ts'

/** What the column `interpreter` of a configuration says: JSON, null where it was no Python. */
export function interpreterIn(column: string | null): Interpreter | null {
  return column === null ? null : (JSON.parse(column) as Interpreter)
}
