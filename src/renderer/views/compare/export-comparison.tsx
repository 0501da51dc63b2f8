import { Menu } from '@base-ui/react/menu'
import { Download } from 'lucide-react'
import type { ComparisonRequest, comparisonForms } from '../../../shared/contract.ts'
import { MenuList } from '../../design/menu-list.tsx'
import { useExport } from '../../state/use-export.ts'

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
  const take = useExport()
  return (
    <Menu.Root>
      <Menu.Trigger className="button" aria-label="Export this comparison">
        <Download size={16} /> Export
      </Menu.Trigger>
      <MenuList>
        {(Object.keys(names) as Form[]).map((form) => (
          <Menu.Item
            key={form}
            className="menu-item"
            onClick={() => void take({ of: request, form })}
          >
            {names[form]}
          </Menu.Item>
        ))}
      </MenuList>
    </Menu.Root>
  )
}
