import { Menu } from '@base-ui/react/menu'
import { ImageDown } from 'lucide-react'
import { type SyntheticEvent, useContext } from 'react'
import { notices, tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { useLabStore } from '../../state/use-lab.ts'
import { download } from '../runs/export-menu.tsx'
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
  const { connection } = useLabStore()
  if (source === null) return null
  const take = async (form: Form) => {
    const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
    try {
      const outcome = await connection.call('export', { of: source, form, chart: name, theme })
      if (outcome.kind === 'saved') notices.add({ title: 'Saved', description: outcome.path })
      if (outcome.kind === 'download') download(outcome.url)
    } catch (error) {
      tellProblem(asLabError(error).message)
    }
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
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end" className="menu-positioner">
            <Menu.Popup className="menu">
              {(Object.keys(forms) as Form[]).map((form) => (
                <Menu.Item key={form} className="menu-item" onClick={() => void take(form)}>
                  {forms[form]}
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </span>
  )
}

/** A plot takes hold of the pointer for its zoom: from the menu, which lies in it, it is not to. */
function keep(event: SyntheticEvent): void {
  event.stopPropagation()
}
