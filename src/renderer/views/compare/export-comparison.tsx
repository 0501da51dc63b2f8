import { Menu } from '@base-ui/react/menu'
import { Download } from 'lucide-react'
import type { ComparisonRequest, comparisonForms } from '../../../shared/contract.ts'
import { notices, tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { useLabStore } from '../../state/use-lab.ts'
import { download } from '../runs/export-menu.tsx'

type Form = (typeof comparisonForms)[number]

/** Pictures are exported at each chart. */
const names: Readonly<Partial<Record<Form, string>>> = {
  'comparison.csv': 'Comparison, as CSV',
  'comparison.json': 'Comparison, as JSON',
  'report.md': 'Report, as Markdown',
  'report.html': 'Report, as HTML',
}

/** Hands a comparison out as a file. */
export function ExportComparison({ request }: { readonly request: ComparisonRequest }) {
  const { connection } = useLabStore()
  const take = async (form: Form) => {
    try {
      const outcome = await connection.call('export', { of: request, form })
      if (outcome.kind === 'saved') notices.add({ title: 'Exported', description: outcome.path })
      if (outcome.kind === 'download') download(outcome.url)
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
  }
  return (
    <Menu.Root>
      <Menu.Trigger className="button" aria-label="Export this comparison">
        <Download size={16} /> Export
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="menu-positioner">
          <Menu.Popup className="menu">
            {(Object.keys(names) as Form[]).map((form) => (
              <Menu.Item key={form} className="menu-item" onClick={() => void take(form)}>
                {names[form]}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
