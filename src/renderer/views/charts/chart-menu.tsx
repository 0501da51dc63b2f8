import { Menu } from '@base-ui/react/menu'
import { ImageDown } from 'lucide-react'
import { type SyntheticEvent, useContext } from 'react'
import { MenuList } from '../../design/menu-list.tsx'
import { useExport } from '../../state/use-export.ts'
import { ChartSourceContext } from './chart-source.ts'

const forms = { 'chart.svg': 'Save as SVG', 'chart.png': 'Save as PNG' } as const
type Form = keyof typeof forms

/** Hands out a chart of something saved as a picture, in the theme that is on; nothing where it is not saved. */
export function ChartMenu({
  name,
  title,
}: {
  /** By which the chart is asked for (shared/chart-names.ts). */
  readonly name: string
  /** What it shows, for those who cannot see what it stands beside. */
  readonly title: string
}) {
  const source = useContext(ChartSourceContext)
  const exportAs = useExport()
  if (source === null) return null
  const take = (form: Form) => {
    const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
    return exportAs({ of: source, form, chart: name, theme }, 'Saved')
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it keeps what is meant for the menu from what lies around it.
    <span
      className="chart-menu"
      onPointerDown={keep}
      onPointerMove={keep}
      onPointerUp={keep}
      onDoubleClick={keep}
    >
      <Menu.Root>
        <Menu.Trigger
          className="icon-button quiet"
          aria-label={`Save the chart: ${title}`}
          title="Save this chart as a picture"
        >
          <ImageDown size={15} />
        </Menu.Trigger>
        <MenuList>
          {(Object.keys(forms) as Form[]).map((form) => (
            <Menu.Item key={form} className="menu-item" onClick={() => void take(form)}>
              {forms[form]}
            </Menu.Item>
          ))}
        </MenuList>
      </Menu.Root>
    </span>
  )
}

/** A plot takes hold of the pointer for its zoom: from the menu, which lies in it, it is not to. */
function keep(event: SyntheticEvent): void {
  event.stopPropagation()
}
