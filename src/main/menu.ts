import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../shared/contract.ts'

/** What the menu's own items do; the rest are Electron's roles. */
export interface MenuActions {
  tellPage(command: MenuCommand): void
  openPlan(): void
  openExternally(url: string): void
}

export interface MenuSetting {
  readonly platform: NodeJS.Platform
  readonly appName: string
  /** Reload and developer tools are for those who work on Corescope. */
  readonly isPackaged: boolean
  readonly links: readonly { readonly label: string; readonly url: string }[]
}

/** The app's menu, as a template. Stop has no shortcut here: Escape belongs to the page. */
export function menuTemplate(
  actions: MenuActions,
  { platform, appName, isPackaged, links }: MenuSetting,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const item = (label: string, command: MenuCommand, accelerator?: string) => ({
    label,
    click: () => actions.tellPage(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  })
  const mac: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu', label: appName }] : []
  const about: MenuItemConstructorOptions[] = isMac ? [] : [separator, { role: 'about' }]
  const workshop: MenuItemConstructorOptions[] = isPackaged
    ? []
    : [separator, { role: 'reload' }, { role: 'toggleDevTools' }]
  return [
    ...mac,
    {
      label: '&File',
      submenu: [
        item('New comparison', 'new-comparison', 'CmdOrCtrl+N'),
        { label: 'Open plan…', accelerator: 'CmdOrCtrl+O', click: () => actions.openPlan() },
        separator,
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&Run',
      submenu: [item('Start', 'start', 'CmdOrCtrl+Enter'), item('Stop', 'stop')],
    },
    {
      label: '&View',
      submenu: [
        item('Lab', 'show-lab', 'CmdOrCtrl+1'),
        item('Experiments', 'show-experiments', 'CmdOrCtrl+2'),
        item('Saved runs', 'show-runs', 'CmdOrCtrl+3'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...workshop,
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        ...links.map(({ label, url }) => ({ label, click: () => actions.openExternally(url) })),
        ...about,
      ],
    },
  ]
}
