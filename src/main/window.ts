import { BrowserWindow, nativeTheme, screen } from 'electron'
import { pageUrl } from './pages.ts'
import { fitToDisplays, readWindowState, writeWindowState } from './window-state.ts'

/** Of the content, in device-independent pixels. */
const smallest = { width: 1024, height: 640 }
const usual = { width: 1280, height: 800 }

/** What is seen until the page has drawn itself: its own grounds (renderer/design/tokens.css). */
const backgrounds = { light: '#f5f6f8', dark: '#111419' } as const

export interface WindowParts {
  /** File in which size and place are kept. */
  readonly stateFile: string
  /** The built preload script. */
  readonly preload: string
  /** Whether the window may be closed now. */
  mayClose(): boolean
  /** The page that was shown is gone: loaded anew, or its window closed. */
  onPageGone(): void
  onPageFailed(reason: string): void
  /** Windows is about to end the user's session. */
  onSessionEnd(): void
}

/** The app's one window, which on macOS may be closed and opened again. */
export class MainWindow {
  readonly #parts: WindowParts
  #window: BrowserWindow | null = null

  constructor(parts: WindowParts) {
    this.#parts = parts
    nativeTheme.on('updated', () => this.#window?.setBackgroundColor(background()))
  }

  /** Null where it is closed. */
  get current(): BrowserWindow | null {
    return this.#window
  }

  /** Brings the window to the front, opening it where it is closed. */
  show(): void {
    if (this.#window === null) {
      this.#open()
      return
    }
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  #open(): void {
    const window = new BrowserWindow({
      ...usual,
      title: 'Corescope',
      show: false,
      backgroundColor: background(),
      webPreferences: {
        preload: this.#parts.preload,
        // Electron's defaults, said aloud: nobody is to change them by accident.
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
      },
    })
    this.#window = window
    const isMaximised = this.#place(window)
    // Maximising shows a window too.
    window.once('ready-to-show', () => (isMaximised ? window.maximize() : window.show()))
    window.on('close', (event) => {
      if (!this.#parts.mayClose()) event.preventDefault()
      else this.#keepPlace(window)
    })
    window.on('closed', () => {
      this.#window = null
      this.#parts.onPageGone()
    })
    window.on('session-end', () => this.#parts.onSessionEnd())
    window.webContents.on('did-navigate', () => this.#parts.onPageGone())
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      this.#parts.onPageGone()
      if (reason !== 'clean-exit') this.#parts.onPageFailed(reason)
    })
    window.loadURL(pageUrl).catch((error: unknown) => {
      // Closed before it was loaded.
      if (!window.isDestroyed()) throw error
    })
  }

  /** @returns whether it is to be maximised when there is something to be seen in it */
  #place(window: BrowserWindow): boolean {
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
    const state = readWindowState(this.#parts.stateFile)
    const bounds = state === null ? null : fitToDisplays(state.bounds, areas)
    // A minimum is that of the whole window; ours is that of the page.
    const [width = 0, height = 0] = window.getSize()
    const [contentWidth = 0, contentHeight = 0] = window.getContentSize()
    const widest = Math.max(...areas.map((area) => area.width))
    const highest = Math.max(...areas.map((area) => area.height))
    window.setMinimumSize(
      Math.min(smallest.width + width - contentWidth, widest),
      Math.min(smallest.height + height - contentHeight, highest),
    )
    if (bounds !== null) window.setBounds(bounds)
    return state?.isMaximised === true
  }

  #keepPlace(window: BrowserWindow): void {
    writeWindowState(this.#parts.stateFile, {
      bounds: window.getNormalBounds(),
      isMaximised: window.isMaximized(),
    })
  }
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}
