import { EventEmitter } from 'node:events'
import { display, tell } from './display.ts'

type Doubled = Pick<
  Electron.WebContents,
  'send' | 'reload' | 'setWindowOpenHandler' | 'isDestroyed' | 'getURL'
>

export class WebContents extends EventEmitter implements Doubled {
  windowOpenHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null
  url = ''
  /** How many documents it has shown. */
  documents = 0
  isGone = false

  isDestroyed(): boolean {
    return this.isGone
  }

  getURL(): string {
    return this.url
  }

  send(channel: string, ...args: readonly unknown[]): void {
    if (this.isGone) throw new TypeError('Object has been destroyed')
    tell(display.deliver(this.documents, channel, structuredClone(args)))
  }

  reload(): void {
    tell(display.reload())
  }

  setWindowOpenHandler(handler: NonNullable<WebContents['windowOpenHandler']>): void {
    this.windowOpenHandler = handler
  }
}
