import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { Cpu, FileCode, Hourglass } from 'lucide-react'
import { runtimeNames } from '../../../shared/executor-names.ts'
import { type Runtime, runtimes } from '../../../shared/model/execution-model.ts'
import { runtimesOf, type WorkloadDescription } from '../../../shared/model/workload.ts'

/** The workloads, a card each: its name, its kind, and what it shows; the last is the user's own code. */
export function WorkloadCards({
  workloads,
  chosen,
  runtimes: wanted,
  onChoose,
}: {
  readonly workloads: readonly WorkloadDescription[]
  /** Null where it is the user's own code. */
  readonly chosen: string | null
  /** What executes it: one that they do not all have cannot be chosen. */
  readonly runtimes: readonly Runtime[]
  readonly onChoose: (name: string | null) => void
}) {
  return (
    <RadioGroup
      className="cards"
      aria-label="Workload"
      value={chosen ?? ownCard}
      onValueChange={(value) => onChoose(value === ownCard ? null : String(value))}
    >
      {workloads.map((workload) => {
        const { name, kind, description } = workload
        const able = runtimesOf(workload)
        const isOff = wanted.some((runtime) => !able.includes(runtime))
        const words = isOff ? whereOnly(able) : null
        return (
          <Radio.Root
            key={name}
            value={name}
            className="card"
            disabled={isOff && name !== chosen}
            data-off={isOff}
            aria-label={[name, kinds[kind], ...(words === null ? [] : [words])].join(', ')}
          >
            <span className="card-head">
              <span className="card-name">{name}</span>
              <span className="kind" data-kind={kind}>
                {words === null && (kind === 'cpu' ? <Cpu size={14} /> : <Hourglass size={14} />)}
                {words ?? kinds[kind]}
              </span>
            </span>
            <span className="card-text">{description}</span>
          </Radio.Root>
        )
      })}
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

/** Where a workload is to be had that not all can execute, in the fewest words. */
function whereOnly(able: readonly Runtime[]): string {
  const [only] = able
  if (able.length === 1 && only !== undefined) return `${runtimeNames[only]} alone`
  const without = runtimes.filter((each) => !able.includes(each))
  return `not in ${without.map((each) => runtimeNames[each]).join(', ')}`
}
