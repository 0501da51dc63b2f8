import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import type { ColumnGroup } from './column-groups.ts'

type Grouped = Pick<ColumnGroup, 'model' | 'executor' | 'configurations'>

/**
 * With which of the columns before it one is compared: the model before it of the same executor; its first
 * model with the same of the first executor. So the lab pairs them.
 */
export function referenceOf<Column extends Grouped>(
  columns: readonly Column[],
  at: number,
): Column | undefined {
  const own = columns[at]
  if (own === undefined) return undefined
  const before = columns.slice(0, at)
  const ofExecutor = before.filter(({ executor }) => executor === own.executor)
  const last = ofExecutor.findLast(({ model }) => model !== own.model)
  if (last !== undefined) return ofExecutor.find(({ model }) => model === last.model)
  return before.find(({ model, executor }) => model === own.model && executor !== own.executor)
}

/** What two columns that are compared differ in, as each is called beside the other. */
export function sideNames(
  a: Grouped & { readonly configuration: Configuration },
  b: Grouped & { readonly configuration: Configuration },
): readonly [a: string, b: string] {
  if (a.executor !== b.executor) return [a.executor ?? '', b.executor ?? '']
  return [a.model, b.model]
}

/** What they have in common, where it is not what they are called by; null where it is. */
export function commonName(a: Grouped, b: Grouped): string | null {
  return a.executor === b.executor ? null : modelTraits[b.model].title
}
