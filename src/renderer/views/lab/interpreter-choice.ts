import {
  type FoundInterpreter,
  oldestPython,
  usualInterpreter,
} from '../../../shared/model/found-interpreter.ts'
import { eachKind } from '../../../shared/model/interpreter.ts'
import type { PlanDraft } from '../../state/plan-draft.ts'

/** What is said of a plan's Pythons where they are looked for and none is there. */
export const noPython = `No Python that can be used was found. Install ${oldestPython} or later, or add the path of one below. Node goes on working without it.`

/**
 * Which of those that were found a draft runs in: where it names none, those that the lab takes then.
 *
 * @param isEachKind whether that is one of each kind, as an experiment may have it
 */
export function chosenInterpreters(
  { interpreters, runtimes }: Pick<PlanDraft, 'interpreters' | 'runtimes'>,
  found: readonly FoundInterpreter[],
  isEachKind = false,
): readonly FoundInterpreter[] {
  if (interpreters.length > 0) {
    return found.filter((each) => interpreters.some((name) => isNamed(each, name)))
  }
  if (isEachKind && !runtimes.includes('dask')) {
    const kinds = eachKind(found.flatMap(({ interpreter }) => interpreter ?? []))
    return found.filter(({ interpreter }) => interpreter !== null && kinds.includes(interpreter))
  }
  const able = found.filter(
    ({ interpreter }) => !runtimes.includes('dask') || interpreter?.dask != null,
  )
  const usual = usualInterpreter(able)
  return usual === null ? [] : [usual]
}

/** Names of a draft that none of those that were found has. */
export function unknownNames(
  interpreters: readonly string[],
  found: readonly FoundInterpreter[],
): readonly string[] {
  return interpreters.filter((name) => !found.some((each) => isNamed(each, name)))
}

/** What a draft names when one is chosen or left; the last of them stays. */
export function withInterpreter(
  draft: Pick<PlanDraft, 'interpreters' | 'runtimes'>,
  found: readonly FoundInterpreter[],
  path: string,
  isChosen: boolean,
  isEachKind = false,
): readonly string[] {
  const before = chosenInterpreters(draft, found, isEachKind).map((each) => each.path)
  const unknown = unknownNames(draft.interpreters, found)
  const paths = isChosen ? [...before, path] : before.filter((each) => each !== path)
  // In the order in which they are shown.
  const ordered = found.map((each) => each.path).filter((each) => paths.includes(each))
  const names = [...ordered, ...unknown.filter((name) => isChosen || name !== path)]
  return names.length === 0 ? draft.interpreters : names
}

/** What a draft names when one is added and chosen; what it names already stays. */
export function withAdded(
  draft: Pick<PlanDraft, 'interpreters' | 'runtimes'>,
  found: readonly FoundInterpreter[],
  added: FoundInterpreter,
  isEachKind = false,
): readonly string[] {
  const before = [
    ...chosenInterpreters(draft, found, isEachKind).map((each) => each.path),
    ...unknownNames(draft.interpreters, found),
  ]
  // It may have been found already, under another name.
  const others = before.filter((name) => !isNamed(added, name))
  return [...others, added.path]
}

/** What a draft names when one is no longer listed; where that was all, the choice is the lab's again. */
export function withoutRemoved(
  { interpreters }: Pick<PlanDraft, 'interpreters'>,
  removed: FoundInterpreter,
): readonly string[] {
  return interpreters.filter((name) => !isNamed(removed, name))
}

/** By a path that leads to it; by a command, where one of these ends in it. */
function isNamed({ path, names }: FoundInterpreter, name: string): boolean {
  if ([path, ...names].includes(name)) return true
  return !/[\\/]/.test(name) && names.some((each) => each.split(/[\\/]/).at(-1) === name)
}
