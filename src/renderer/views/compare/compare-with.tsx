import { Menu } from '@base-ui/react/menu'
import { GitCompareArrows, MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { mostSides, type SideReference } from '../../../shared/model/run-comparison.ts'
import { MenuList } from '../../design/menu-list.tsx'
import { goTo } from '../../state/route.ts'
import { SideChooser } from './side-chooser.tsx'

/** Sets a saved run beside others, which are chosen first. */
export function CompareRunWith({ run }: { readonly run: number }) {
  const [isChoosing, setChoosing] = useState(false)
  return (
    <>
      <button type="button" className="button" onClick={() => setChoosing(true)}>
        <GitCompareArrows size={16} /> Compare with…
      </button>
      {isChoosing && (
        <Chooser side={{ run, configuration: null }} onClose={() => setChoosing(false)} />
      )}
    </>
  )
}

/** What can be done with a configuration of a saved run. */
export function ConfigurationMenu({
  side,
  name,
}: {
  readonly side: SideReference & { readonly configuration: number }
  /** What it is, in the words of the plan. */
  readonly name: string
}) {
  const [isChoosing, setChoosing] = useState(false)
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="icon-button quiet" aria-label={`More of ${name}`}>
          <MoreHorizontal size={16} />
        </Menu.Trigger>
        <MenuList>
          <Menu.Item className="menu-item" onClick={() => setChoosing(true)}>
            Compare with…
          </Menu.Item>
          <Menu.Item
            className="menu-item"
            onClick={() =>
              goTo({
                ...{ view: 'trend', ...side },
                ...{ metric: 'throughput_per_s', acrossMachines: false },
              })
            }
          >
            Trend over the saved runs
          </Menu.Item>
        </MenuList>
      </Menu.Root>
      {isChoosing && <Chooser side={side} onClose={() => setChoosing(false)} />}
    </>
  )
}

function Chooser({
  side,
  onClose,
}: {
  readonly side: SideReference
  readonly onClose: () => void
}) {
  return (
    <SideChooser
      chosen={[side]}
      most={mostSides - 1}
      onClose={onClose}
      onChoose={(added) =>
        goTo({ view: 'compare', sides: [side, ...added], acrossMachines: false })
      }
    />
  )
}
