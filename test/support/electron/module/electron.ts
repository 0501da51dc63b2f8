/*
 * A TEST DOUBLE of the module `electron`, for machines where its binary is not to be had. It lets the
 * built main program run in plain Node, with a page of a real Chromium as its window; the built
 * preload script runs in that page, and the app's own protocol handler answers its requests, with the
 * headers it gives. What it does is typed by Electron's own declarations: a method that Electron does
 * not have, or has otherwise, does not compile.
 *
 * It is not Electron: the page is at https://app.corescope.test/ where it would be at
 * corescope://app/, the preload script runs in the page's own world (what it exposes is copied as
 * Electron's context bridge copies), there is no sandbox, and the window system is made up. What only
 * the real one can show is in test/e2e/desktop-electron.test.ts.
 */
export { app } from './app.ts'
export { BrowserWindow } from './browser-window.ts'
export { ipcMain } from './ipc-main.ts'
export { Menu } from './menu.ts'
export { protocol } from './protocol.ts'
export { session } from './session.ts'
export { dialog, nativeTheme, powerMonitor, screen, shell } from './system.ts'
