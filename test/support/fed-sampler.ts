import { writeFileSync } from 'node:fs'
import { programs } from './programs.ts'

/**
 * Writes the real sampler's program, whose kernel says of each core that it works so much of the time,
 * whatever else this machine does: what is made of it can be told beforehand.
 *
 * @param path where it is written
 * @param shares by core, 0–1
 * @returns the path
 */
export function samplerFedWith(path: string, shares: readonly number[]): string {
  writeFileSync(
    path,
    `const fs = require('node:fs')
    const os = require('node:os')
    const { openSync, readSync, closeSync } = fs
    const { cpus } = os
    // Of the instant that a reading says it is of, though it be set aside before it reads.
    const now = performance.now.bind(performance)
    let instant = 0
    performance.now = () => (instant = now())
    const shares = ${JSON.stringify(shares)}
    const ticks = (ms) => Math.floor(ms / 10)
    const line = (name, busyMs, idleMs) => {
      const [user, nice, system, irq, softirq] = [0.4, 0.1, 0.3, 0.1, 0.1].map((part) => ticks(part * busyMs))
      const [idle, waiting, stolen] = [ticks(idleMs), ticks(instant), ticks(2 * instant)]
      return [name, user, nice, system, idle, waiting, irq, softirq, stolen, user, 0].join(' ')
    }
    const stat = () => {
      const cores = shares.map((share, core) => line('cpu' + core, share * instant, (1 - share) * instant))
      return ['cpu  1 2 3 4 5 6 7 8 9 10', ...cores, 'intr 0', ''].join('\\n')
    }
    const opened = new Set()
    fs.openSync = (path, ...rest) => {
      const descriptor = openSync(path, ...rest)
      if (path === '/proc/stat') opened.add(descriptor)
      return descriptor
    }
    fs.readSync = (descriptor, buffer, offset, length, ...rest) =>
      opened.has(descriptor)
        ? buffer.write(stat(), offset, length, 'latin1')
        : readSync(descriptor, buffer, offset, length, ...rest)
    fs.closeSync = (descriptor) => {
      opened.delete(descriptor)
      closeSync(descriptor)
    }
    os.cpus = () =>
      cpus().map((core, at) => {
        const [user, idle] = [shares[at] * instant, (1 - shares[at]) * instant]
        return { ...core, times: { user, nice: 0, sys: 0, irq: 0, idle } }
      })
    require(${JSON.stringify(programs.sampler)})`,
  )
  return path
}
