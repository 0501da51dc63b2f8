import { Eye } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { formatPercent } from '../../../shared/format.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'

/** What watching itself costs, in view as long as the window is. */
export function ObserverCost() {
  const store = useLabStore()
  const { live, isRunning } = useLab()
  const text = useRef<HTMLElement>(null)
  useEffect(() => {
    const write = () => {
      if (text.current === null) return
      const trial = store.state.live?.current
      const share = trial?.reading?.observerCpuShare ?? null
      const ended = store.state.live?.endedTrials.at(-1)?.metrics.observer_cpu_share
      const shown = share ?? (typeof ended === 'number' ? ended : null)
      const words = shown === null ? 'not known here' : `${formatPercent(shown)} of a core`
      if (text.current.textContent !== words) text.current.textContent = words
    }
    write()
    return store.readings.on(write)
  })
  if (live === null && !isRunning) return null
  return (
    <span className="observer" title="CPU time of what samples, records and serves; of one core">
      <Eye size={14} /> watching costs <b ref={text} />
    </span>
  )
}
