import { Menu } from '@base-ui/react/menu'
import { Download } from 'lucide-react'
import type { ExportForm } from '../../../shared/contract.ts'
import type { RunSummary } from '../../../shared/model/run.ts'
import { MenuList } from '../../design/menu-list.tsx'
import { experimentOf } from '../../state/experiments.ts'
import { useExport } from '../../state/use-export.ts'
import { useLab } from '../../state/use-lab.ts'

/** By what one wants with it. Pictures are exported at each chart. */
const groups: readonly {
  readonly name: string
  readonly forms: readonly (readonly [ExportForm, string])[]
}[] = [
  {
    name: 'To read',
    forms: [
      ['report.html', 'Report, as HTML'],
      ['report.md', 'Report, as Markdown'],
    ],
  },
  {
    name: 'Tables',
    forms: [
      ['trials.csv', 'Trials, as CSV'],
      ['workers.csv', 'Workers, as CSV'],
      ['samples.csv', 'Samples, as CSV'],
      ['comparison.csv', 'Comparison, as CSV'],
      ['observations.csv', 'What was observed, as CSV'],
    ],
  },
  {
    name: 'For other programs',
    forms: [
      ['run.json', 'Everything, as JSON to import'],
      ['trace.json', 'Trace, for Perfetto'],
      ['hyperfine.json', 'hyperfine’s JSON'],
    ],
  },
]

/** Hands a run out as a file: through a save dialog in the desktop app, as a download in a browser. */
export function ExportMenu({
  run: { id, plan },
  label,
}: {
  readonly run: Pick<RunSummary, 'id' | 'plan'>
  readonly label: string
}) {
  const take = useExport()
  const { description } = useLab()
  const isObserved =
    experimentOf(description, plan)?.probe != null || plan.runtimes.includes('dask')
  return (
    <Menu.Root>
      <Menu.Trigger className="button" aria-label={label}>
        <Download size={16} /> Export
      </Menu.Trigger>
      <MenuList>
        {groups.map(({ name, forms }) => (
          <Menu.Group key={name}>
            <Menu.GroupLabel className="menu-label">{name}</Menu.GroupLabel>
            {forms
              .filter(([form]) => isObserved || form !== 'observations.csv')
              .map(([form, words]) => (
                <Menu.Item
                  key={form}
                  className="menu-item"
                  onClick={() => void take({ of: { run: id }, form })}
                >
                  {words}
                </Menu.Item>
              ))}
          </Menu.Group>
        ))}
      </MenuList>
    </Menu.Root>
  )
}
