/** One Ctrl-C often arrives twice: from the terminal, and passed on by whoever started us, late on a busy machine. */
const sameMs = 2000

/**
 * Calls back at the first request to stop; a second one, later, ends the app at once. What it leaves
 * behind the reaper ends.
 *
 * @returns undoes it
 */
export function onStopSignal(stop: () => void): () => void {
  let firstAt: number | undefined
  const handle = () => {
    if (firstAt === undefined) {
      firstAt = performance.now()
      stop()
    } else if (performance.now() - firstAt > sameMs) {
      process.exit(130)
    }
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, handle)
  // Started by the launcher: its end is our end, even when it was killed.
  const isLaunched = process.env.CORESCOPE_LAUNCHER === '1'
  if (isLaunched) process.on('disconnect', handle)
  return () => {
    for (const signal of signals) process.off(signal, handle)
    if (isLaunched) process.off('disconnect', handle)
  }
}
