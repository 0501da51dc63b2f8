/*
 * What the two processes of the stand-in ask of each other: the app, which runs the built main
 * program, and the display, which is the test with its browser.
 */

export interface Size {
  readonly width: number
  readonly height: number
}

/** Who sends a message: the page's own frame, or one that the test makes up. */
export interface Sender {
  readonly url: string
  readonly isMainFrame: boolean
  readonly isOurWindow: boolean
}

export interface ShownMenuItem {
  readonly label: string
  readonly role: string | null
  readonly accelerator: string | null
  readonly submenu: readonly ShownMenuItem[]
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Ways in which a page tries to go elsewhere, by the names of Electron's events. */
export type Navigation = 'will-navigate' | 'will-frame-navigate' | 'will-redirect'

/** Asked of the app. Where something may be refused, true means that it was allowed. */
export interface AppSide {
  /** The protocol's handler, with an address as it stands. */
  request(url: string, method: string): Promise<Answer>
  invoke(channel: string, args: readonly unknown[], sender: Sender): Promise<unknown>
  /** The window shows a new document. */
  navigated(url: string): void
  mayNavigate(how: Navigation, url: string, isMainFrame: boolean): boolean
  mayOpenWindow(url: string): boolean
  mayAttachWebview(): boolean
  mayReach(url: string): boolean
  mayDownload(): boolean
  mayUse(permission: string): { readonly asked: boolean; readonly checked: boolean }
  mayUseDevice(): boolean
  /** What the app has set up, as Electron was told. */
  setup(): {
    readonly isSandboxed: boolean
    readonly schemes: readonly Electron.CustomScheme[]
    readonly isSpellChecked: boolean
    readonly window: Electron.BrowserWindowConstructorOptions
    readonly channels: readonly string[]
  }
  menu(): readonly ShownMenuItem[]
  clickMenu(...labels: string[]): void
  /** What a user does to the window. */
  closeWindow(): void
  moveWindow(bounds: Electron.Rectangle): void
  maximizeWindow(): void
  windowState(): WindowShown | null
  /** What the system does. */
  quit(): void
  activate(): void
  shutDown(): void
  endSession(): void
  setDark(isDark: boolean): void
  failPage(reason: Electron.RenderProcessGoneDetails['reason']): void
}

export interface WindowShown {
  readonly bounds: Electron.Rectangle
  readonly minimum: Size
  readonly isShown: boolean
  readonly isMaximized: boolean
  readonly focusedTimes: number
  readonly background: string
}

export type DialogKind = 'save' | 'open' | 'message'

/** Asked of the display. */
export interface DisplaySide {
  openWindow(preload: string, content: Size): Promise<void>
  load(url: string): Promise<void>
  reload(): Promise<void>
  resize(content: Size): Promise<void>
  /** The window has been shown. */
  shown(): void
  setDark(isDark: boolean): Promise<void>
  /** To a document, counted from 1 by those that the window has navigated to; 0 is none. */
  deliver(document: number, channel: string, args: readonly unknown[]): void
  closeWindow(): Promise<void>
  /** Shown until the test answers. */
  showDialog(kind: DialogKind, options: object): Promise<unknown>
  showErrorBox(title: string, content: string): void
  openExternal(url: string): void
}

/** How the test says what the machine is like. */
export interface Machine {
  /** Folder that stands for the user's own. */
  readonly home: string
  readonly displays: readonly Electron.Rectangle[]
  readonly platform: NodeJS.Platform
  readonly isDark: boolean
}

/** Variable of the environment that carries it, as JSON. */
export const machineVariable = 'STAND_IN_MACHINE'
