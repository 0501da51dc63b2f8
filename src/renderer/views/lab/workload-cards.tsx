import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { Cpu, Hourglass } from 'lucide-react'
import type { WorkloadDescription } from '../../../shared/model/workload.ts'

/** The workloads, a card each: its name, its kind, and what it shows. */
export function WorkloadCards({
  workloads,
  chosen,
  onChoose,
}: {
  readonly workloads: readonly WorkloadDescription[]
  readonly chosen: string
  readonly onChoose: (name: string) => void
}) {
  return (
    <RadioGroup
      className="cards"
      aria-label="Workload"
      value={chosen}
      onValueChange={(value) => onChoose(String(value))}
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
    </RadioGroup>
  )
}

const kinds = { cpu: 'computes', io: 'waits', own: 'your own' } as const
