import { Checkbox } from '@base-ui/react/checkbox'
import { createColumnHelper, rowSortingFeature, tableFeatures } from '@tanstack/react-table'
import { Check } from 'lucide-react'
import { createContext, useContext } from 'react'
import { runtimeNames } from '../../../shared/executor-names.ts'
import { formatSpan, formatStored, formatTime } from '../../../shared/format.ts'
import { workerCounts } from '../../../shared/model/execution-model.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { ModelIcon } from '../../design/model-icon.tsx'
import { LabelCell } from './label-cell.tsx'
import { RowActions } from './row-actions.tsx'
import { hasMarks, RunMarks } from './run-marks.tsx'
import { RunTags } from './run-tags.tsx'

/** What the rows of the list tell of. */
export interface RowHandlers {
  readonly choose: (id: number, isChosen: boolean) => void
  readonly filterByTag: (tag: string) => void
}

export const features = tableFeatures({ rowSortingFeature })
const column = createColumnHelper<typeof features, RunSummary>()

/** Cells read it from here: columns that were made anew would take the focus from what is in them. */
export const RowContext = createContext<RowHandlers | null>(null)

/** Whether the run of a row is chosen: apart, so that the others of the list need not be made again. */
export const ChosenContext = createContext(false)

/** @throws Error outside of the list */
function useRow(): RowHandlers {
  const handlers = useContext(RowContext)
  if (handlers === null) throw new Error('no list')
  return handlers
}

/** The columns of the list; what they are sorted by are the names of the contract's orders. */
export const columns = column.columns([
  column.display({
    id: 'choice',
    header: () => <span className="for-readers">Choose</span>,
    cell: ({ row }) => <Choice id={row.original.id} />,
  }),
  column.display({ id: 'run', header: 'Run', cell: ({ row }) => row.original.id }),
  column.accessor('label', {
    header: 'Label',
    cell: ({ row: { original } }) => (
      <>
        <LabelCell run={original} />
        {(hasMarks(original) || original.tags.length > 0) && (
          <span className="run-line">
            <RunMarks run={original} />
            <Tags tags={original.tags} />
          </span>
        )}
      </>
    ),
  }),
  column.accessor(({ plan }) => plan.workload, {
    id: 'workload',
    header: 'Workload',
    cell: ({ row: { original } }) => (
      <span className="cut" title={original.plan.workload}>
        {workloadName(original.plan.workload)}
      </span>
    ),
  }),
  column.display({
    id: 'models',
    header: 'Models',
    cell: ({ row }) => (
      <span className="model-list">
        {isNodeAlone(row.original) ? null : (
          <span className="run-runtimes">
            {row.original.plan.runtimes.map((runtime) => runtimeNames[runtime]).join(', ')}
          </span>
        )}
        {row.original.plan.models.map((model) => (
          <span key={model} title={model}>
            <ModelIcon model={model} />
            <span className="model-name">{model}</span>
          </span>
        ))}
      </span>
    ),
  }),
  column.display({
    id: 'workers',
    header: 'Workers',
    cell: ({ row: { original } }) => {
      const { models, workers } = original.plan
      const counts = models.flatMap((model) => workerCounts(model, workers))
      const words = [...new Set(counts)].join(', ')
      return (
        <span className="cut" title={words}>
          {words}
        </span>
      )
    },
  }),
  column.accessor('machine', {
    header: 'Machine',
    cell: ({ getValue }) => {
      const machine = getValue()
      return (
        <span className="cut" dir="auto" title={machine ?? undefined}>
          {machine ?? '–'}
        </span>
      )
    },
  }),
  column.accessor('started_at', {
    header: 'When',
    cell: ({ getValue }) => formatTime(getValue()),
  }),
  column.accessor(durationOf, {
    id: 'duration_ms',
    header: 'Took',
    cell: ({ getValue }) => {
      const length = getValue()
      return length === null ? '–' : formatSpan(length)
    },
  }),
  column.accessor('sample_bytes', {
    header: () => <span title="What its samples take on the disk">Samples</span>,
    cell: ({ getValue }) => formatStored(getValue()),
  }),
  column.accessor('status', {
    header: 'Status',
    cell: ({ row: { original } }) => (
      <span className="status" data-status={original.status} title={original.reason ?? undefined}>
        {original.status}{' '}
        <span className="unit">
          {original.trials_done}/{original.trials_planned}
        </span>
      </span>
    ),
  }),
  column.display({
    id: 'actions',
    header: () => <span className="for-readers">Actions</span>,
    cell: ({ row }) => <Actions run={row.original} />,
  }),
])

function isNodeAlone({ plan: { runtimes } }: RunSummary): boolean {
  return runtimes.every((runtime) => runtime === 'node')
}

function durationOf({ started_at, ended_at }: RunSummary): number | null {
  return ended_at === null ? null : Date.parse(ended_at) - Date.parse(started_at)
}

function Choice({ id }: Pick<RunSummary, 'id'>) {
  const { choose } = useRow()
  const isChosen = useContext(ChosenContext)
  return (
    <Checkbox.Root
      className="checkbox"
      aria-label={`Choose run ${id}`}
      checked={isChosen}
      onCheckedChange={(isNow) => choose(id, isNow)}
    >
      <Checkbox.Indicator>
        <Check size={13} strokeWidth={3} />
      </Checkbox.Indicator>
    </Checkbox.Root>
  )
}

function Tags({ tags }: Pick<RunSummary, 'tags'>) {
  const { filterByTag } = useRow()
  return <RunTags tags={tags} onTag={filterByTag} />
}

function Actions({ run }: { readonly run: RunSummary }) {
  const { choose } = useRow()
  return <RowActions run={run} onDeleted={(id) => choose(id, false)} />
}
