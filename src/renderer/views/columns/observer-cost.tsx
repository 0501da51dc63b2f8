import { Popover } from '@base-ui/react/popover'
import { ChevronDown, Eye } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { formatMs, formatPercent } from '../../../shared/format.ts'
import type { ObserverShares } from '../../../shared/model/progress.ts'
import { meanOf, type ObserverTally } from '../../../shared/observer-tally.ts'
import type { Emitter } from '../../scope/emitter.ts'

/** What watching costs: just now where a trial goes on, and over the trials that have ended. */
export interface ObserverReading {
  readonly now: ObserverShares | null
  readonly ended: ObserverTally
}

const parts = ['sampling', 'recording', 'shell'] as const
type Part = (typeof parts)[number]

const names: Readonly<Record<Part, { readonly name: string; readonly about: string }>> = {
  sampling: { name: 'Sampling', about: 'reading the cores, processes and memory' },
  recording: { name: 'Recording', about: 'joining and keeping what was read' },
  shell: { name: 'Shell', about: 'telling it to who watches' },
}

/** What watching the run that is shown costs, or has cost; by part where one asks. */
export function ObserverCost({
  read,
  isGoing,
  changes,
}: {
  readonly read: () => ObserverReading
  readonly isGoing: boolean
  /** Tells that it may have changed. */
  readonly changes?: Emitter
}) {
  const text = useRef<HTMLElement>(null)
  useEffect(() => {
    const write = () => {
      const { now, ended } = read()
      writeText(text.current, shareWords(now?.total ?? meanOf(ended.total), isGoing))
    }
    write()
    return changes?.on(write)
  })
  return (
    <Popover.Root>
      <Popover.Trigger className="observer" title="What this costs, by part">
        <Eye size={14} /> watching {isGoing ? 'costs' : 'cost'} <b ref={text} />
        <ChevronDown size={14} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className="menu-positioner">
          <Popover.Popup className="menu observer-detail">
            <Popover.Title className="notice-title">What watching costs</Popover.Title>
            <Detail read={read} isGoing={isGoing} changes={changes} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** Written in place, like all that changes ten times a second. */
function Detail({
  read,
  isGoing,
  changes,
}: {
  readonly read: () => ObserverReading
  readonly isGoing: boolean
  readonly changes: Emitter | undefined
}) {
  const root = useRef<HTMLDListElement>(null)
  useEffect(() => {
    const write = () => {
      const { now, ended } = read()
      const put = (name: string, words: string) =>
        writeText(root.current?.querySelector(`[data-figure="${name}"]`), words)
      for (const part of parts) {
        put(part, shareWords(now?.[part] ?? meanOf(ended[part]), isGoing))
      }
      put('lateness', latenessWords(meanOf(ended.lateness), isGoing))
      put('worst-lateness', latenessWords(ended.worstLateness_ms, isGoing))
      put('missed', missedWords(ended.missed, isGoing))
    }
    write()
    return changes?.on(write)
  })
  return (
    <>
      <dl ref={root}>
        {parts.map((part) => (
          <div key={part}>
            <dt>
              {names[part].name} <span className="unit">{names[part].about}</span>
            </dt>
            <dd data-figure={part} />
          </div>
        ))}
        <div>
          <dt>
            Samples late by <span className="unit">median, in the ended trials</span>
          </dt>
          <dd data-figure="lateness" />
        </div>
        <div>
          <dt>
            One in 100 by more than <span className="unit">in the worst of them</span>
          </dt>
          <dd data-figure="worst-lateness" />
        </div>
        <div>
          <dt>
            Samples missed <span className="unit">in all of them</span>
          </dt>
          <dd data-figure="missed" />
        </div>
      </dl>
      <p className="hint">CPU time over time, of one core. What this window draws is not in it.</p>
    </>
  )
}

function shareWords(share: number | null, isGoing: boolean): string {
  if (share === null) return isGoing ? 'is being measured' : 'was not measured'
  return `${share > 0 && share < 0.0005 ? '< 0.1 %' : formatPercent(share)} of a core`
}

function latenessWords(ms: number | null, isGoing: boolean): string {
  return ms === null ? notKnown(isGoing) : formatMs(ms)
}

function missedWords(missed: number | null, isGoing: boolean): string {
  if (missed === null) return notKnown(isGoing)
  return missed === 0 ? 'none' : missed.toLocaleString('en-US')
}

function notKnown(isGoing: boolean): string {
  return isGoing ? 'after a trial' : 'was not measured'
}

function writeText(element: Element | null | undefined, words: string): void {
  if (element != null && element.textContent !== words) element.textContent = words
}
