import { Menu } from '@base-ui/react/menu'
import { Check, Ellipsis, RotateCw, Tags, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { RunSummary } from '../../../shared/model/run.ts'
import { workloadName } from '../../../shared/model/workload.ts'
import { MenuList } from '../../design/menu-list.tsx'
import { useDeleteRun } from './delete-run.ts'
import { ExportMenu } from './export-menu.tsx'
import { TagsDialog } from './tags-dialog.tsx'
import { useRunAgain } from './use-run-again.ts'
import { useUpkeep } from './use-upkeep.ts'

/** One menu serves all rows: a hundred of them would be slow to make. */
const menu = Menu.createHandle<RunSummary>()

/** What can be done with a run of the list. */
export function RowActions({
  run,
  onDeleted,
}: {
  readonly run: RunSummary
  readonly onDeleted: (id: number) => void
}) {
  const remove = useDeleteRun()
  return (
    <span className="row-actions">
      <ExportMenu run={run} label={`Export run ${run.id}`} />
      <Menu.Trigger
        handle={menu}
        payload={run}
        className="icon-button"
        aria-label={`More for run ${run.id}`}
      >
        <Ellipsis size={16} />
      </Menu.Trigger>
      <button
        type="button"
        className="icon-button"
        aria-label={`Delete run ${run.id}`}
        disabled={run.status === 'running'}
        onClick={async () => {
          if (await remove(run)) onDeleted(run.id)
        }}
      >
        <Trash2 size={16} />
      </button>
    </span>
  )
}

/** The menu of all rows, and what it opens. */
export function RowMenu({
  runs,
  onPlan,
}: {
  /** As they are now: what is checked in the menu changes while it is open. */
  readonly runs: readonly RunSummary[]
  readonly onPlan: (document: unknown) => void
}) {
  const [tagged, setTagged] = useState<RunSummary | null>(null)
  return (
    <>
      <Menu.Root handle={menu}>
        {({ payload }) => (
          <MenuList>
            {payload !== undefined && (
              <RowMenuItems
                run={runs.find(({ id }) => id === payload.id) ?? payload}
                onPlan={onPlan}
                onTags={setTagged}
              />
            )}
          </MenuList>
        )}
      </Menu.Root>
      <TagsDialog
        // One that is in the list no more, since it lost the tag that is filtered by, is still edited.
        run={runs.find(({ id }) => id === tagged?.id) ?? tagged}
        onClose={() => setTagged(null)}
      />
    </>
  )
}

function RowMenuItems({
  run,
  onPlan,
  onTags,
}: {
  readonly run: RunSummary
  readonly onPlan: (document: unknown) => void
  readonly onTags: (run: RunSummary) => void
}) {
  const { edit, setBaseline } = useUpkeep()
  const runAgain = useRunAgain(onPlan)
  return (
    <>
      <Menu.Item className="menu-item menu-choice" onClick={() => void runAgain(run.id)}>
        <span className="menu-check">
          <RotateCw size={14} />
        </span>
        Run again…
      </Menu.Item>
      <Menu.Item className="menu-item menu-choice" onClick={() => onTags(run)}>
        <span className="menu-check">
          <Tags size={14} />
        </span>
        Tags…
      </Menu.Item>
      <Menu.Separator className="menu-line" />
      <Menu.CheckboxItem
        className="menu-item menu-choice"
        checked={run.is_baseline}
        disabled={run.status === 'running'}
        onCheckedChange={(isBaseline) => void setBaseline(run.id, isBaseline)}
        closeOnClick
      >
        <span className="menu-check">
          <Menu.CheckboxItemIndicator>
            <Check size={14} />
          </Menu.CheckboxItemIndicator>
        </span>
        <span className="menu-text">Baseline of {workloadName(run.plan.workload)}</span>
      </Menu.CheckboxItem>
      <Menu.CheckboxItem
        className="menu-item menu-choice"
        checked={run.is_kept}
        onCheckedChange={(isKept) => void edit(run.id, { isKept })}
        closeOnClick
      >
        <span className="menu-check">
          <Menu.CheckboxItemIndicator>
            <Check size={14} />
          </Menu.CheckboxItemIndicator>
        </span>
        Keep all its samples
      </Menu.CheckboxItem>
    </>
  )
}
