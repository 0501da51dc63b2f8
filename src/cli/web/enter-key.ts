import { readFileSync } from 'node:fs'

/**
 * Calls back whenever Enter is pressed in the terminal.
 *
 * @returns undoes it; null where there is no terminal to press it in
 */
export function onEnter(press: () => void): (() => void) | null {
  const { stdin } = process
  if (!stdin.isTTY || isInBackground()) return null
  const hear = () => press()
  // A terminal that is closed is told by a signal.
  const ignore = () => {}
  stdin.on('data', hear).on('error', ignore)
  return () => {
    stdin.off('data', hear).pause()
  }
}

/** Whoever reads from the terminal in the background, as after `&`, is suspended by it (Linux). */
function isInBackground(): boolean {
  if (process.platform !== 'linux') return false
  const stat = readFileSync('/proc/self/stat', 'utf8')
  // proc(5): the group of this process, and the one that the terminal listens to.
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return group !== foreground
}
