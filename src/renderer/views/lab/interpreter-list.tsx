import { Checkbox } from '@base-ui/react/checkbox'
import { Check, X } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import type { FoundInterpreter } from '../../../shared/model/found-interpreter.ts'
import { tellProblem } from '../../design/notices.ts'
import { Wrong } from '../../design/wrong.tsx'
import { asLabError } from '../../state/lab-store.ts'
import type { KnownInterpreters } from '../../state/use-interpreters.ts'
import { AddInterpreter } from './add-interpreter.tsx'
import {
  chosenInterpreters,
  noPython,
  unknownNames,
  withInterpreter,
} from './interpreter-choice.ts'
import type { PlanFields } from './plan-number.tsx'

/** The Pythons of this machine: which of them run the work, and one more by its path. */
export function InterpreterList({
  known: { found, problem, add, remove },
  isEachKind,
  fields: { draft, set, wrong },
}: {
  readonly known: KnownInterpreters
  /** Whether one of each kind is meant where none is named. */
  readonly isEachKind: boolean
  readonly fields: PlanFields
}) {
  const label = useId()
  const all = found ?? []
  const chosen = chosenInterpreters(draft, all, isEachKind)
  const choose = (path: string, isChosen: boolean) =>
    set({ interpreters: withInterpreter(draft, all, path, isChosen, isEachKind) })
  const usable = all.filter(({ interpreter }) => interpreter !== null)
  const others = all.filter(({ interpreter }) => interpreter === null)
  const isWithDask = draft.runtimes.includes('dask')
  return (
    <div className="field interpreters">
      <span className="field-label" id={label}>
        Pythons of this machine
      </span>
      {found === null && problem === null && (
        <p className="hint" role="status">
          looking for Python…
        </p>
      )}
      {problem !== null && (
        <p className="problem">What Pythons there are is not known: {problem}</p>
      )}
      {found !== null && usable.length === 0 && (
        <p className="interpreters-none" role="status">
          {noPython}
        </p>
      )}
      {all.length > 0 && (
        <ul className="interpreter-list" aria-labelledby={label}>
          {usable.map((each) => (
            <Usable
              key={each.path}
              found={each}
              isChosen={chosen.includes(each)}
              isWithDask={isWithDask}
              onChoose={(isChosen) => choose(each.path, isChosen)}
              onRemove={() =>
                remove(each.path).then(
                  () => chosen.includes(each) && choose(each.path, false),
                  (error: unknown) => tellProblem(asLabError(error).message),
                )
              }
            />
          ))}
          {unknownNames(draft.interpreters, all).map((name) => (
            <li key={name} className="interpreter">
              <Choice isChosen onChoose={() => choose(name, false)}>
                <span className="interpreter-name">named by the plan</span>
                <bdi className="interpreter-path" title={name}>
                  {name}
                </bdi>
              </Choice>
            </li>
          ))}
          {others.map(({ path, why }) => (
            <li key={path} className="interpreter" data-usable={false}>
              <Choice isChosen={false} isDisabled>
                <span className="interpreter-why" title={`${path} ${why}`}>
                  <bdi>{path}</bdi> {why}
                </span>
              </Choice>
            </li>
          ))}
        </ul>
      )}
      <Wrong text={wrong('interpreters')} />
      {found !== null && (
        <AddInterpreter
          onAdd={async (path) => {
            const added = await add(path)
            // It may have been found already, under another name.
            const others = chosen.filter(({ names }) => !names.includes(added.path))
            set({ interpreters: [...others.map((each) => each.path), added.path] })
          }}
        />
      )}
    </div>
  )
}

function Usable({
  found: { path, interpreter, isAdded },
  isChosen,
  isWithDask,
  onChoose,
  onRemove,
}: {
  readonly found: FoundInterpreter
  readonly isChosen: boolean
  /** Whether it matters that it has Dask. */
  readonly isWithDask: boolean
  readonly onChoose: (isChosen: boolean) => void
  readonly onRemove: () => void
}) {
  if (interpreter === null) return null
  const { implementation, version, gil, dask } = interpreter
  const name = `${implementation} ${version}`
  return (
    <li className="interpreter">
      <Choice isChosen={isChosen} onChoose={onChoose}>
        <span className="interpreter-name">{name}</span>
        {!gil && <span className="interpreter-mark">no GIL</span>}
        {isWithDask && (
          <span className="interpreter-mark" data-quiet={dask === null}>
            {dask === null ? 'without Dask' : 'Dask'}
          </span>
        )}
        <bdi className="interpreter-path" title={path}>
          {path}
        </bdi>
      </Choice>
      {isAdded && (
        <button
          type="button"
          className="icon-button quiet"
          aria-label={`Remove ${name}, ${path}`}
          title="No longer list it: it was added"
          onClick={onRemove}
        >
          <X size={14} />
        </button>
      )}
    </li>
  )
}

/** A check box with what it chooses, which is its name. */
function Choice({
  isChosen,
  isDisabled = false,
  onChoose = () => {},
  children,
}: {
  readonly isChosen: boolean
  readonly isDisabled?: boolean
  readonly onChoose?: (isChosen: boolean) => void
  readonly children: ReactNode
}) {
  const id = useId()
  return (
    <label className="interpreter-choice" htmlFor={id}>
      <Checkbox.Root
        id={id}
        className="checkbox"
        checked={isChosen}
        disabled={isDisabled}
        onCheckedChange={onChoose}
      >
        <Checkbox.Indicator>
          <Check size={13} strokeWidth={3} />
        </Checkbox.Indicator>
      </Checkbox.Root>
      {children}
    </label>
  )
}
