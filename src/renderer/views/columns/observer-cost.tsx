import { Eye } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { formatPercent } from '../../../shared/format.ts'
import type { Emitter } from '../../scope/emitter.ts'

/** What watching the run that is shown costs, or has cost. */
export function ObserverCost({
  share,
  isGoing,
  changes,
}: {
  /** CPU time of what samples, records and serves / time; of one core. */
  readonly share: () => number | null
  readonly isGoing: boolean
  /** Tells that it may have changed. */
  readonly changes?: Emitter
}) {
  const text = useRef<HTMLElement>(null)
  useEffect(() => {
    const write = () => {
      if (text.current === null) return
      const now = share()
      const none = isGoing ? 'is being measured' : 'was not measured'
      const words = now === null ? none : `${formatPercent(now)} of a core`
      if (text.current.textContent !== words) text.current.textContent = words
    }
    write()
    return changes?.on(write)
  })
  return (
    <span
      className="observer"
      title="CPU time of what samples, records and serves this run. What this window draws is not in it."
    >
      <Eye size={14} /> watching {isGoing ? 'costs' : 'cost'} <b ref={text} />
    </span>
  )
}
