import { Anchor, TrendingUp, X } from 'lucide-react'
import { type RefObject, useRef } from 'react'
import { formatTime } from '../../../shared/format.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import type {
  ComparedSide,
  RunComparison,
  SideReference,
} from '../../../shared/model/run-comparison.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import { formatSide, hashOf } from '../../state/route.ts'
import { SideBadge } from './side-legend.tsx'

/** What is compared: the first with all others. Each can be made the first, or taken away. */
export function ComparedSides({
  comparison: { sides, pairs },
  isCurrent,
  onChange,
}: {
  readonly comparison: RunComparison
  /** Another question is not open. */
  readonly isCurrent: boolean
  readonly onChange: (sides: readonly SideReference[]) => void
}) {
  const list = useRef<HTMLUListElement>(null)
  const own = referencesOf({ sides })
  return (
    <ul className="sides" aria-label="Sides" ref={list} tabIndex={-1}>
      {sides.map((side, at) => (
        <Side
          key={formatSide(own[at] as SideReference)}
          side={side}
          isFirst={at === 0}
          isReference={pairs.some(({ a }) => a === at)}
          isFixed={!isCurrent}
          onLead={() => {
            onChange([own[at] as SideReference, ...own.filter((_, other) => other !== at)])
            list.current?.focus()
          }}
          onRemove={() => {
            onChange(own.filter((_, other) => other !== at))
            focusAfter(list, at)
          }}
        />
      ))}
    </ul>
  )
}

/** What was pressed is gone: the keyboard goes on in what took its place. */
function focusAfter(list: RefObject<HTMLUListElement | null>, at: number): void {
  const buttons = list.current?.querySelectorAll<HTMLElement>('[data-action="remove"]')
  const next = buttons?.[at + 1] ?? buttons?.[at - 1] ?? list.current
  next?.focus()
}

function Side({
  side: { letter, name, run, configuration, trials },
  isFirst,
  isReference,
  isFixed,
  onLead,
  onRemove,
}: {
  readonly side: ComparedSide
  readonly isFirst: boolean
  /** Others are compared with it. */
  readonly isReference: boolean
  /** Another comparison is on its way: the keyboard stays where it is, and nothing is done. */
  readonly isFixed: boolean
  readonly onLead: () => void
  readonly onRemove: () => void
}) {
  const { id, label, started_at, machine, imported_at, is_baseline, status } = run
  const facts = [
    workloadName(configuration.workload),
    trials === 1 ? '1 trial' : `${trials} trials`,
    formatTime(started_at),
    ...(machine === null ? [] : [machine]),
    ...(imported_at === null ? [] : ['imported']),
    ...(is_baseline ? ['baseline'] : []),
    ...(status === 'done' ? [] : [status]),
  ]
  return (
    <li
      className="side"
      data-model={modelTraits[configuration.model].family}
      data-reference={isReference}
    >
      <SideBadge letter={letter} />
      <div className="side-words">
        <p className="side-title">
          <ModelIcon model={configuration.model} />
          <a href={hashOf({ view: 'run', id })} className="few-lines" title={name} dir="auto">
            {name}
          </a>
        </p>
        {label !== '' && (
          <p className="side-name" title={label} dir="auto">
            {label}
          </p>
        )}
        <p className="hint side-facts">
          {isReference && <span className="side-tag">reference</span>} {facts.join(' · ')}
        </p>
      </div>
      <div className="side-actions">
        {!isFirst && (
          <button
            type="button"
            className="icon-button quiet"
            aria-label={`Make ${letter} the reference`}
            title="Make it the reference"
            aria-disabled={isFixed}
            onClick={isFixed ? undefined : onLead}
          >
            <Anchor size={15} />
          </button>
        )}
        <a
          className="icon-button quiet"
          aria-label={`Trend of ${letter}`}
          title="Its trend over the saved runs"
          href={hashOf({
            ...{ view: 'trend', run: id, configuration: configuration.id },
            ...{ metric: 'throughput_per_s', acrossMachines: false },
          })}
        >
          <TrendingUp size={15} />
        </a>
        <button
          type="button"
          className="icon-button quiet"
          data-action="remove"
          aria-label={`Remove ${letter}`}
          title="Remove it"
          aria-disabled={isFixed}
          onClick={isFixed ? undefined : onRemove}
        >
          <X size={15} />
        </button>
      </div>
    </li>
  )
}

/** What was asked for, where nothing is known of it. */
export function AskedSides({
  sides,
  onChange,
}: {
  readonly sides: readonly SideReference[]
  readonly onChange: (sides: readonly SideReference[]) => void
}) {
  if (sides.length === 0) return null
  return (
    <ul className="sides" aria-label="Sides">
      {sides.map((side, at) => {
        const name =
          side.configuration === null
            ? `run ${side.run}`
            : `run ${side.run}, configuration ${side.configuration}`
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a side may be asked for twice.
          <li key={at} className="side">
            <div className="side-words">
              <p className="side-title">
                <a href={hashOf({ view: 'run', id: side.run })}>{name}</a>
              </p>
            </div>
            <div className="side-actions">
              <button
                type="button"
                className="icon-button quiet"
                aria-label={`Remove ${name}`}
                onClick={() => onChange(sides.filter((_, other) => other !== at))}
              >
                <X size={15} />
              </button>
            </div>
          </li>
        )
      })}
    </ul>
  )
}

/** The sides that are seen, each by itself. */
export function referencesOf({ sides }: Pick<RunComparison, 'sides'>): readonly SideReference[] {
  return sides.map(({ run, configuration }) => ({ run: run.id, configuration: configuration.id }))
}
