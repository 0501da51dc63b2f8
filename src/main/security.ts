import { app, type Session, type WebContents } from 'electron'
import { openExternally } from './links.ts'

/*
 * What the page may not do, whatever gets into it (docs/security.md). It needs nothing of all this:
 * its files come over our own scheme, and it speaks to the app over the bridge.
 */

/** Holds for every page there will ever be. Before the first is made. */
export function restrictPages(): void {
  app.on('web-contents-created', (_event, contents) => restrictPage(contents))
}

function restrictPage(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }) => event.preventDefault()
  contents.on('will-navigate', refuse)
  contents.on('will-frame-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-attach-webview', refuse)
  contents.setWindowOpenHandler(({ url }) => {
    openExternally(url)
    return { action: 'deny' }
  })
}

/** Refuses every permission, every download and all that would leave this machine. */
export function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  // Its dictionaries would be fetched from the network.
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: networkSchemes.includes(new URL(url).protocol) })
  })
}

const networkSchemes = ['http:', 'https:', 'ws:', 'wss:', 'ftp:']
