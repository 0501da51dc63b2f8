import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { Cpu, FileCode, Hourglass } from 'lucide-react'
import type { WorkloadDescription } from '../../../shared/model/workload.ts'

/** The workloads, a card each: its name, its kind, and what it shows; the last is the user's own code. */
export function WorkloadCards({
  workloads,
  chosen,
  onChoose,
}: {
  readonly workloads: readonly WorkloadDescription[]
  /** Null where it is the user's own code. */
  readonly chosen: string | null
  readonly onChoose: (name: string | null) => void
}) {
  return (
    <RadioGroup
      className="cards"
      aria-label="Workload"
      value={chosen ?? ownCard}
      onValueChange={(value) => onChoose(value === ownCard ? null : String(value))}
    >
      {workloads.map(({ name, kind, description }) => (
        <Radio.Root key={name} value={name} className="card" aria-label={`${name}, ${kinds[kind]}`}>
          <span className="card-head">
            <span className="card-name">{name}</span>
            <span className="kind" data-kind={kind}>
              {kind === 'cpu' ? <Cpu size={14} /> : <Hourglass size={14} />}
              {kinds[kind]}
            </span>
          </span>
          <span className="card-text">{description}</span>
        </Radio.Root>
      ))}
      <Radio.Root value={ownCard} className="card" aria-label="Your own code">
        <span className="card-head">
          <span className="card-name">Your own code</span>
          <span className="kind" data-kind="own">
            <FileCode size={14} />
          </span>
        </span>
        <span className="card-text">a module of yours that exports a task, run as it is</span>
      </Radio.Root>
    </RadioGroup>
  )
}

/** No workload is called so. */
const ownCard = '/'

const kinds = { cpu: 'computes', io: 'waits', own: 'your own' } as const
