import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LabError } from '../../shared/model/problem.ts'

export interface Listening {
  readonly server: Server
  readonly port: number
}

/** Where the web shell is found unless told otherwise, or the next free one after it. */
const usualPort = 4747
const portsTried = 100

/** Nobody but this machine. */
const loopback = '127.0.0.1'

/**
 * As many connections as a few dozen tabs may have; idle ones and slow ones are ended. Headers may be
 * long: browsers send the cookies of every other server on this machine along. A run that is imported
 * may take minutes to come in; nobody else's body is read at all.
 */
const bounds = { headersTimeout: 10_000, requestTimeout: 600_000, maxHeaderSize: 65_536 }
const mostConnections = 512

/**
 * Listens on the loopback interface.
 *
 * @param wanted the port, 0 for any that is free; the usual one, or one after it, where there is none
 * @throws LabError `bad-input` where it cannot be had
 */
export async function listen(wanted: number | undefined): Promise<Listening> {
  if (wanted !== undefined) {
    return listenOn(wanted).catch((error: unknown) => {
      throw new LabError('bad-input', `--port: ${causeOf(error, wanted)}`)
    })
  }
  for (let port = usualPort; port < usualPort + portsTried; port++) {
    try {
      return await listenOn(port)
    } catch (error) {
      if (!isTaken(error)) throw new LabError('bad-input', causeOf(error, port))
    }
  }
  throw new LabError(
    'bad-input',
    `ports ${usualPort} to ${usualPort + portsTried - 1} are all taken; choose one with --port`,
  )
}

function listenOn(port: number): Promise<Listening> {
  const server = createServer(bounds)
  server.maxConnections = mostConnections
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: loopback, exclusive: true }, () => {
      server.off('error', reject)
      resolve({ server, port: (server.address() as AddressInfo).port })
    })
  })
}

/** Windows says that it is not allowed where another program has the port for itself. */
function isTaken(error: unknown): boolean {
  return ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function causeOf(error: unknown, port: number): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return `port ${port} is taken; choose another, or leave it out`
    case 'EACCES':
      return `port ${port} may not be used by you; choose another, or leave it out`
    default:
      return `cannot listen on port ${port}: ${(error as Error).message}`
  }
}
