import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { allIsTold, machine } from './display.ts'
import { refusable } from './events.ts'
import { InstanceLock } from './instance-lock.ts'
import { windows } from './windows.ts'

type Doubled = Pick<
  Electron.App,
  | 'name'
  | 'isPackaged'
  | 'enableSandbox'
  | 'whenReady'
  | 'isReady'
  | 'getPath'
  | 'quit'
  | 'exit'
  | 'requestSingleInstanceLock'
  | 'setAboutPanelOptions'
>

class App extends EventEmitter implements Doubled {
  readonly name = 'corescope'
  readonly isPackaged = false
  isSandboxed = false
  #isReady = false
  #isQuitting = false
  #lock: InstanceLock | null = null
  readonly #ready = Promise.withResolvers<void>()

  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    this.isSandboxed = true
  }

  isReady(): boolean {
    return this.#isReady
  }

  whenReady(): Promise<void> {
    return this.#ready.promise
  }

  getPath(name: Parameters<Electron.App['getPath']>[0]): string {
    const path = join(machine.home, name)
    mkdirSync(path, { recursive: true })
    return path
  }

  requestSingleInstanceLock(errand?: Record<string, unknown>): boolean {
    this.#lock = new InstanceLock(this.getPath('userData'), (told) => {
      this.emit('second-instance', refusable({}), told.args, told.folder, told.errand)
    })
    return this.#lock.take({ args: process.argv, folder: process.cwd(), errand: errand ?? null })
  }

  setAboutPanelOptions(_options: Electron.AboutPanelOptionsOptions): void {}

  /** What Electron does after the main program has been loaded. */
  becomeReady(): void {
    if (this.#isQuitting) return
    this.#isReady = true
    this.emit('ready', refusable({}), {})
    this.#ready.resolve()
  }

  quit(): void {
    const asked = refusable({})
    this.emit('before-quit', asked)
    if (asked.defaultPrevented) return
    this.#isQuitting = true
    for (const window of windows()) window.close()
    if (windows().length > 0) {
      this.#isQuitting = false
      return
    }
    const last = refusable({})
    this.emit('will-quit', last)
    if (!last.defaultPrevented) this.exit(0)
  }

  exit(code = 0): void {
    this.emit('quit', refusable({}), code)
    this.#lock?.release()
    // What the test is told and answered is sent first.
    void allIsTold().then(() => setImmediate(() => process.exit(code)))
  }

  windowWasClosed(): void {
    if (windows().length > 0 || this.#isQuitting) return
    if (this.listenerCount('window-all-closed') === 0) this.quit()
    else this.emit('window-all-closed')
  }
}

export const app = new App()
