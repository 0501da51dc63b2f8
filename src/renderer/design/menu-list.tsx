import { Menu } from '@base-ui/react/menu'
import type { ReactNode } from 'react'

/** What a menu opens: its items, below the end of what was pressed. */
export function MenuList({ children }: { readonly children: ReactNode }) {
  return (
    <Menu.Portal>
      <Menu.Positioner sideOffset={4} align="end" className="menu-positioner">
        <Menu.Popup className="menu">{children}</Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  )
}
