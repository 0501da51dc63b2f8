import { EventEmitter } from 'node:events'
import type { Size, WindowShown } from '../sides.ts'
import { app } from './app.ts'
import { display, machine, tell } from './display.ts'
import { refusable } from './events.ts'
import { WebContents } from './web-contents.ts'
import { windowClosed, windowOpened } from './windows.ts'

type Doubled = Pick<
  Electron.BrowserWindow,
  | 'close'
  | 'focus'
  | 'getContentSize'
  | 'getNormalBounds'
  | 'getSize'
  | 'isDestroyed'
  | 'isMaximized'
  | 'isMinimized'
  | 'loadURL'
  | 'maximize'
  | 'restore'
  | 'setBackgroundColor'
  | 'setBounds'
  | 'setMinimumSize'
  | 'show'
>

/** Height of the bar above the page. */
const titleBar = 32

export class BrowserWindow extends EventEmitter implements Doubled {
  readonly webContents = new WebContents()
  readonly options: Electron.BrowserWindowConstructorOptions
  #bounds: Electron.Rectangle
  #minimum: Size = { width: 0, height: 0 }
  #isShown: boolean
  #isMaximized = false
  #isDestroyed = false
  #focusedTimes = 0
  #background: string
  readonly #opened: Promise<void>

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super()
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    this.options = options
    const { width = 800, height = 600, backgroundColor = '#FFF', show = true } = options
    const area = machine.displays[0] as Electron.Rectangle
    const x = options.x ?? area.x + Math.round((area.width - width) / 2)
    const y = options.y ?? area.y + Math.round((area.height - height) / 2)
    this.#bounds = { x, y, width, height }
    this.#background = backgroundColor
    this.#isShown = show
    windowOpened(this)
    this.#opened = display.openWindow(options.webPreferences?.preload ?? '', this.#content())
    app.emit('web-contents-created', refusable({}), this.webContents)
    app.emit('browser-window-created', refusable({}), this)
  }

  async loadURL(url: string): Promise<void> {
    await this.#opened
    await display.load(url)
    this.emit('ready-to-show')
  }

  close(): void {
    if (this.#isDestroyed) return
    const event = refusable({})
    this.emit('close', event)
    if (event.defaultPrevented) return
    this.#isDestroyed = true
    this.webContents.isGone = true
    windowClosed(this)
    tell(display.closeWindow())
    this.emit('closed')
    app.windowWasClosed()
  }

  isDestroyed(): boolean {
    return this.#isDestroyed
  }

  show(): void {
    this.#isShown = true
    tell(display.shown())
  }

  focus(): void {
    this.#focusedTimes++
  }

  isMinimized(): boolean {
    return false
  }

  restore(): void {}

  /** Shows it as well, if it is not there yet. */
  maximize(): void {
    this.#isMaximized = true
    this.#resized()
    this.show()
  }

  isMaximized(): boolean {
    return this.#isMaximized
  }

  getNormalBounds(): Electron.Rectangle {
    return this.#bounds
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    const wanted = { ...this.#bounds, ...bounds }
    this.#bounds = {
      ...wanted,
      width: Math.max(wanted.width, this.#minimum.width),
      height: Math.max(wanted.height, this.#minimum.height),
    }
    this.#resized()
  }

  setMinimumSize(width: number, height: number): void {
    this.#minimum = { width, height }
    this.setBounds({})
  }

  getSize(): number[] {
    const { width, height } = this.#outer()
    return [width, height]
  }

  getContentSize(): number[] {
    const { width, height } = this.#content()
    return [width, height]
  }

  setBackgroundColor(color: string): void {
    this.#background = color
  }

  /** What the user would see. */
  shown(): WindowShown {
    return {
      bounds: this.#bounds,
      minimum: this.#minimum,
      isShown: this.#isShown,
      isMaximized: this.#isMaximized,
      focusedTimes: this.#focusedTimes,
      background: this.#background,
    }
  }

  #outer(): Size {
    return this.#isMaximized ? (machine.displays[0] as Electron.Rectangle) : this.#bounds
  }

  #content(): Size {
    const { width, height } = this.#outer()
    return { width, height: height - titleBar }
  }

  #resized(): void {
    tell(this.#opened.then(() => display.resize(this.#content())))
  }
}
