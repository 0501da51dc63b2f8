import { Checkbox } from '@base-ui/react/checkbox'
import { Check, X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
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
  withAdded,
  withInterpreter,
  withoutRemoved,
} from './interpreter-choice.ts'
import type { PlanFields } from './plan-number.tsx'

const nearest: ScrollIntoViewOptions = { block: 'nearest' }

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
  const list = useRef<HTMLUListElement>(null)
  const [added, setAdded] = useState<string | null>(null)
  // The list has room for a few: what was added is not to be looked for.
  useEffect(() => {
    if (added !== null) list.current?.querySelector('[data-added]')?.scrollIntoView(nearest)
  }, [added])
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
        <ul ref={list} className="interpreter-list" tabIndex={-1} aria-labelledby={label}>
          {usable.map((each) => (
            <Usable
              key={each.path}
              found={each}
              isNew={added !== null && [each.path, ...each.names].includes(added)}
              isChosen={chosen.includes(each)}
              isWithDask={isWithDask}
              onChoose={(isChosen) => choose(each.path, isChosen)}
              onRemove={() =>
                remove(each.path).then(
                  () => {
                    set((now) => ({ interpreters: withoutRemoved(now, each) }))
                    setAdded(null)
                    list.current?.focus()
                  },
                  (error: unknown) => tellProblem(asLabError(error).message),
                )
              }
            />
          ))}
          {unknownNames(draft.interpreters, all).map((name) => (
            <li key={name} className="interpreter">
              <Choice isChosen onChoose={() => choose(name, false)}>
                <span className="interpreter-name">named by the plan</span>
                <Path of={name} />
              </Choice>
            </li>
          ))}
          {others.map(({ path, why }) => (
            <li key={path} className="interpreter" data-usable={false}>
              <Choice isChosen={false} isDisabled>
                <span className="interpreter-words">
                  <Path of={path} /> <Why text={why ?? ''} />
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
            set((now) => ({ interpreters: withAdded(now, all, added, isEachKind) }))
            setAdded(added.path)
          }}
        />
      )}
    </div>
  )
}

function Usable({
  found: { path, interpreter, isAdded },
  isNew,
  isChosen,
  isWithDask,
  onChoose,
  onRemove,
}: {
  readonly found: FoundInterpreter
  /** It has been added just now. */
  readonly isNew: boolean
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
    <li className="interpreter" data-added={isNew || undefined}>
      <Choice isChosen={isChosen} onChoose={onChoose}>
        <span className="interpreter-name">{name}</span>
        {!gil && <span className="interpreter-mark">no GIL</span>}
        {isWithDask && (
          <span className="interpreter-mark" data-quiet={dask === null}>
            {dask === null ? 'without Dask' : 'Dask'}
          </span>
        )}
        <Path of={path} />
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

/** Where there is no room for it, its end is seen: by that one tells it from others. */
function Path({ of: path }: { readonly of: string }) {
  return (
    <span className="interpreter-path" title={path}>
      <bdi>{path}</bdi>
    </span>
  )
}

function Why({ text }: { readonly text: string }) {
  return (
    <span className="interpreter-why few-lines" title={text}>
      {text}
    </span>
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
