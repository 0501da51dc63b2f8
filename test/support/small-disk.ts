import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, statfsSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, listenTo } from './command.ts'
import { cli } from './programs.ts'

/** A disk of its own, seen by nobody but who is started on it. */
export interface SmallDisk {
  /** Where it is, for the commands that are run on it. */
  readonly folder: string
  /** Where it is from here. */
  readonly seen: string
  /** Runs the command on it, over the database `runs.db` there. */
  corescope(...flags: readonly string[]): Promise<Ended>
  /** Takes all room but so many bytes, in whole pages; again with another number to give some back. */
  leave(bytes: number): void
  close(): Promise<void>
}

/** Whether this user may make one: Linux, with namespaces of users. */
export function canHaveSmallDisks(): boolean {
  if (process.platform !== 'linux') return false
  try {
    const mount = ['mount', '-t', 'tmpfs', 'none', '/tmp']
    execFileSync('unshare', ['-Urm', ...mount], { stdio: 'ignore' })
    return existsSync('/usr/bin/nsenter')
  } catch {
    return false
  }
}

/** @param folder made for it */
export async function makeSmallDisk(folder: string, bytes: number): Promise<SmallDisk> {
  mkdirSync(folder)
  const script = 'mount -t tmpfs -o "size=$1" none "$2" && echo ready && exec cat'
  const holder = spawn('unshare', ['-Urm', 'sh', '-c', script, '-', String(bytes), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  const inside = ['-t', String(holder.pid), '-U', '-m', '--preserve-credentials']
  const seen = `/proc/${holder.pid}/root${folder}`
  const filler = join(seen, 'filler')
  return {
    folder,
    seen,
    corescope(...flags) {
      const env = { ...process.env, CORESCOPE_DB: join(folder, 'runs.db') }
      const words = [...inside, process.execPath, cli, ...flags]
      return listenTo(spawn('nsenter', words, { env, stdio: ['ignore', 'pipe', 'pipe'] })).ended
    },
    leave(room) {
      if (existsSync(filler)) truncateSync(filler, 0)
      const { bavail, bsize } = statfsSync(seen)
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - room)))
    },
    async close() {
      const ended = once(holder, 'close')
      holder.stdin.end()
      await ended
    },
  }
}
