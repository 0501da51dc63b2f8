/**
 * CPU time of the thread that asks, in ms; null before Node 23.9, which does not tell. Without it what
 * watching costs is known as a whole, but not by part.
 */
export function threadCpuMs(): number | null {
  if (typeof process.threadCpuUsage !== 'function') return null
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
