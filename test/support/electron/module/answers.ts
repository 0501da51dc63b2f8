import type { AppSide } from '../sides.ts'
import { app } from './app.ts'
import type { BrowserWindow } from './browser-window.ts'
import { display, tell } from './display.ts'
import { refusable } from './events.ts'
import { handlers } from './ipc-main.ts'
import { Menu } from './menu.ts'
import { respond, schemes } from './protocol.ts'
import { session } from './session.ts'
import { nativeTheme, powerMonitor } from './system.ts'
import { WebContents } from './web-contents.ts'
import { theWindow } from './windows.ts'

const { defaultSession } = session

function window(): BrowserWindow {
  const found = theWindow()
  if (found === undefined) throw new Error('no window is open')
  return found
}

function contents(): Electron.WebContents {
  return window().webContents as unknown as Electron.WebContents
}

/** As much of a frame as the app may look at. */
function frame(url: string, isMainFrame: boolean): Electron.WebFrameMain {
  const parent = isMainFrame ? null : frame(window().webContents.url, true)
  const seen: Pick<Electron.WebFrameMain, 'url' | 'parent'> = { url, parent }
  return seen as Electron.WebFrameMain
}

/** What the test, as the user and as the system, does to the app and asks of it. */
export const answers: AppSide = {
  async request(url, method) {
    const response = await respond(url, method)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    }
  },
  async invoke(channel, args, { url, isMainFrame, isOurWindow }) {
    const handler = handlers.get(channel)
    const prefix = `Error invoking remote method '${channel}':`
    if (handler === undefined) throw new Error(`${prefix} No handler registered for '${channel}'`)
    const event: Electron.IpcMainInvokeEvent = {
      ...refusable({}),
      type: 'frame',
      frameId: 1,
      processId: 1,
      sender: isOurWindow ? contents() : (new WebContents() as unknown as Electron.WebContents),
      senderFrame: frame(url, isMainFrame),
    }
    try {
      return structuredClone(await handler(event, ...args))
    } catch (error) {
      throw new Error(`${prefix} ${error}`)
    }
  },
  navigated(url) {
    const { webContents } = window()
    webContents.url = url
    webContents.documents++
    webContents.emit('did-navigate', refusable({}), url, 200, 'OK')
  },
  mayNavigate(how, url, isMainFrame) {
    const event: Electron.Event<Electron.WebContentsWillFrameNavigateEventParams> = refusable({
      url,
      isSameDocument: false,
      isMainFrame,
      frame: frame(url, isMainFrame),
    })
    window().webContents.emit(how, event, url, false, isMainFrame, 1, 1)
    return !event.defaultPrevented
  },
  mayOpenWindow(url) {
    const handler = window().webContents.windowOpenHandler
    const details: Electron.HandlerDetails = {
      url,
      frameName: '',
      features: '',
      disposition: 'new-window',
      referrer: { url: '', policy: 'no-referrer' },
    }
    return handler === null || handler(details).action === 'allow'
  },
  mayAttachWebview() {
    const event = refusable({})
    window().webContents.emit('will-attach-webview', event, {}, {})
    return !event.defaultPrevented
  },
  mayReach(url) {
    let isAllowed = true
    const details = { url } as Electron.OnBeforeRequestListenerDetails
    defaultSession.beforeRequest?.(details, ({ cancel = false }) => {
      isAllowed = !cancel
    })
    return isAllowed
  },
  mayDownload() {
    const event = refusable({})
    defaultSession.emit('will-download', event, {}, contents(), null)
    return !event.defaultPrevented
  },
  mayUse(name) {
    const permission = name as 'notifications'
    const { requestHandler, checkHandler } = defaultSession
    let asked = requestHandler === null
    const details = {} as Electron.PermissionRequest
    requestHandler?.(contents(), permission, (isGranted) => (asked = isGranted), details)
    const checked =
      checkHandler === null ||
      checkHandler(contents(), permission, '', {} as Electron.PermissionCheckHandlerHandlerDetails)
    return { asked, checked }
  },
  mayUseDevice() {
    const { deviceHandler } = defaultSession
    const details = { deviceType: 'usb' } as Electron.DevicePermissionHandlerHandlerDetails
    return deviceHandler === null || deviceHandler(details)
  },
  setup: () => ({
    isSandboxed: app.isSandboxed,
    schemes,
    isSpellChecked: defaultSession.isSpellCheckerEnabled(),
    window: window().options,
    channels: [...handlers.keys()],
  }),
  menu: () => Menu.application?.shown() ?? [],
  clickMenu: (...labels) => Menu.application?.find(labels).choose(),
  closeWindow: () => window().close(),
  moveWindow: (bounds) => window().setBounds(bounds),
  maximizeWindow: () => window().maximize(),
  windowState: () => theWindow()?.shown() ?? null,
  quit: () => app.quit(),
  activate: () => void app.emit('activate', refusable({}), theWindow() !== undefined),
  shutDown: () => void powerMonitor.emit('shutdown', refusable({})),
  endSession: () => void window().emit('session-end', refusable({ reasons: ['shutdown'] })),
  setDark(isDark) {
    nativeTheme.setDark(isDark)
    tell(display.setDark(isDark))
  },
  failPage(reason) {
    const details: Electron.RenderProcessGoneDetails = { reason, exitCode: 1 }
    window().webContents.emit('render-process-gone', refusable({}), details)
  },
}
