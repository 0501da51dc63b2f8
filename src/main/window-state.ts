import { readFileSync, renameSync, writeFileSync } from 'node:fs'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where the window was, in device-independent pixels, as it is when not maximised. */
export interface WindowState {
  readonly bounds: Rectangle
  readonly isMaximised: boolean
}

/** What was kept; null where nothing was, or nothing that can be understood. */
export function readWindowState(path: string): WindowState | null {
  try {
    return parseWindowState(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

/** Keeps the state for the next start. A window that forgets its size is no reason to fail. */
export function writeWindowState(path: string, state: WindowState): void {
  const partial = `${path}.partial`
  try {
    writeFileSync(partial, JSON.stringify(state))
    renameSync(partial, path)
  } catch {}
}

function parseWindowState(document: unknown): WindowState | null {
  const { bounds, isMaximised } = (document ?? {}) as Partial<WindowState>
  const { x, y, width, height } = bounds ?? ({} as Partial<Rectangle>)
  if (!isLength(x) || !isLength(y) || !isLength(width) || !isLength(height)) return null
  if (width <= 0 || height <= 0 || typeof isMaximised !== 'boolean') return null
  return { bounds: { x, y, width, height }, isMaximised }
}

/** A whole number that a window system can take. */
function isLength(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 20
}

/** So much of the window's upper edge must be on a display for it to be caught hold of. */
const graspableWidth = 120
const graspableHeight = 40

/**
 * Where a window goes that was there before: the displays may have changed since.
 *
 * @param workAreas of the displays, without their bars and docks
 * @returns null where it would be out of reach; the window system chooses then
 */
export function fitToDisplays(
  bounds: Rectangle,
  workAreas: readonly Rectangle[],
): Rectangle | null {
  for (const area of workAreas) {
    const width = Math.min(bounds.width, area.width)
    const height = Math.min(bounds.height, area.height)
    const seenWidth = Math.min(bounds.x + width, area.x + area.width) - Math.max(bounds.x, area.x)
    const seenHeight = area.y + area.height - bounds.y
    const isInReach =
      seenWidth >= graspableWidth && bounds.y >= area.y && seenHeight >= graspableHeight
    if (isInReach) return { x: bounds.x, y: bounds.y, width, height }
  }
  return null
}
