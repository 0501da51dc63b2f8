import { Menu } from '@base-ui/react/menu'
import { ArrowDown, ArrowUp, Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { type RunOrder, runOrders } from '../../../shared/contract-words.ts'
import { MenuList } from '../../design/menu-list.tsx'

const names: Readonly<Record<RunOrder, string>> = {
  started_at: 'When',
  label: 'Label',
  workload: 'Workload',
  status: 'Status',
  duration_ms: 'Took',
  machine: 'Machine',
  sample_bytes: 'Samples',
}

const directions = { descending: 'Largest or newest first', ascending: 'Smallest or oldest first' }

/** Sorts the list where the window has no room for the heads of all its columns. */
export function SortMenu({
  order,
  descending,
  onOrder,
}: {
  readonly order: RunOrder
  readonly descending: boolean
  readonly onOrder: (order: RunOrder, descending: boolean) => void
}) {
  return (
    <Menu.Root>
      <span className="filter sort-menu">
        <Menu.Trigger className="filter-button">
          Sorted by <b>{names[order]}</b>
          {descending ? <ArrowDown size={14} /> : <ArrowUp size={14} />}
          <ChevronDown size={14} />
        </Menu.Trigger>
      </span>
      <MenuList>
        <Menu.RadioGroup
          value={order}
          onValueChange={(wanted: RunOrder) => onOrder(wanted, descending)}
        >
          {runOrders.map((each) => (
            <Choice key={each} value={each}>
              {names[each]}
            </Choice>
          ))}
        </Menu.RadioGroup>
        <Menu.Separator className="menu-line" />
        <Menu.RadioGroup
          value={descending ? 'descending' : 'ascending'}
          onValueChange={(wanted: string) => onOrder(order, wanted === 'descending')}
        >
          <Choice value="descending">{directions.descending}</Choice>
          <Choice value="ascending">{directions.ascending}</Choice>
        </Menu.RadioGroup>
      </MenuList>
    </Menu.Root>
  )
}

function Choice({ value, children }: { readonly value: string; readonly children: ReactNode }) {
  return (
    <Menu.RadioItem value={value} className="menu-item menu-choice" closeOnClick>
      <span className="menu-check">
        <Menu.RadioItemIndicator>
          <Check size={14} />
        </Menu.RadioItemIndicator>
      </span>
      {children}
    </Menu.RadioItem>
  )
}
