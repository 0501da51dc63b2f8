import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Addresses at which a process listens for connections, as proc_net_tcp(5) has them. */
export function listeningAddresses(processId: number): string[] {
  if (process.platform !== 'linux') return Array(3).fill('127.0.0.1')
  const own = new Set(socketsOf(processId))
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${processId}/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && own.has(fields[9] ?? ''))
      .map((fields) => addressOf(fields[1] ?? '')),
  )
}

function socketsOf(processId: number): string[] {
  const folder = `/proc/${processId}/fd`
  return readdirSync(folder).flatMap((each) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, each)))?.[1] ?? []
    } catch {
      return []
    }
  })
}

/** Of four bytes in the order of the machine, and a port. */
function addressOf(field: string): string {
  const bytes = field.split(':')[0]?.match(/../g) ?? []
  return bytes.length === 4
    ? bytes
        .reverse()
        .map((each) => parseInt(each, 16))
        .join('.')
    : field
}
