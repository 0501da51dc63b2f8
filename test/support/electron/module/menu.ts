import type { ShownMenuItem } from '../sides.ts'
import { app } from './app.ts'
import { theWindow } from './windows.ts'

type Template = Electron.MenuItemConstructorOptions

class MenuItem {
  readonly #options: Template
  readonly submenu: Menu | null

  constructor(options: Template) {
    this.#options = options
    const { submenu } = options
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : null
  }

  get label(): string {
    return this.#options.label ?? ''
  }

  shown(): ShownMenuItem {
    const { role = null, accelerator = null } = this.#options
    return { label: this.label, role, accelerator, submenu: this.submenu?.shown() ?? [] }
  }

  choose(): void {
    const { click, role } = this.#options
    if (role === 'quit') app.quit()
    else if (role === 'close') theWindow()?.close()
    else if (role === 'reload') theWindow()?.webContents.reload()
    else if (click === undefined) throw new Error(`${this.label}${role}: does nothing here`)
    else {
      click(
        this as unknown as Electron.MenuItem,
        theWindow() as unknown as Electron.BaseWindow | undefined,
        {},
      )
    }
  }
}

export class Menu {
  static application: Menu | null = null
  readonly items: readonly MenuItem[]

  constructor(items: readonly MenuItem[]) {
    this.items = items
  }

  static buildFromTemplate(template: readonly Template[]): Menu {
    return new Menu(template.map((options) => new MenuItem(options)))
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.application = menu
  }

  shown(): ShownMenuItem[] {
    return this.items.map((item) => item.shown())
  }

  /** The item that is found by following the labels, or the roles, from menu to menu. */
  find([first, ...rest]: readonly string[]): MenuItem {
    const item = this.items.find(
      (each) => each.label.replace('&', '') === first || each.shown().role === first,
    )
    if (item === undefined) throw new Error(`the menu has no ${first}`)
    return rest.length === 0 ? item : (item.submenu as Menu).find(rest)
  }
}
