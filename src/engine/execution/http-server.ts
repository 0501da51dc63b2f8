import { fork } from 'node:child_process'
import type { Reaper } from './reaper.ts'

export interface HttpServer {
  readonly port: number
  close(): void
}

/** Starts the lab's own server for a workload that asks one. */
export function startHttpServer(program: string, reaper: Reaper): Promise<HttpServer> {
  const server = fork(program, {
    execArgv: [],
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  } as Parameters<typeof fork>[2])
  const forget = server.pid === undefined ? () => {} : reaper.watchGroup(server.pid)
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`the lab's server could not be started: ${error.message}`)),
    )
    server.once('exit', (code, signal) => {
      forget()
      reject(new Error(`the lab's server ended with ${signal ?? `exit code ${code}`}`))
    })
    server.once('message', (message) => {
      const { port } = message as { port: number }
      resolve({ port, close: () => void server.kill('SIGKILL') })
    })
  })
}
