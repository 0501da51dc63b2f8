import type { BrowserWindow } from './browser-window.ts'

const open = new Set<BrowserWindow>()

export function windows(): readonly BrowserWindow[] {
  return [...open]
}

/** The window that the user sees: the app has one. */
export function theWindow(): BrowserWindow | undefined {
  return windows()[0]
}

export function windowOpened(window: BrowserWindow): void {
  open.add(window)
}

export function windowClosed(window: BrowserWindow): void {
  open.delete(window)
}
