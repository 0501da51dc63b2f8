import { fork } from 'node:child_process'
import type { HostProcess } from './runtime.ts'

/** Starts a host of Node; messages are those of its channel. */
export function startNodeHost(program: string): HostProcess {
  const host = fork(program, {
    execArgv: [],
    serialization: 'json',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    windowsHide: true,
    // Leader of a process group, which ends as one. On Windows a detached child would leave our job object.
    detached: process.platform !== 'win32',
  } as Parameters<typeof fork>[2])
  const output = [host.stdout, host.stderr]
  return {
    process: host,
    output,
    listen: (heard) => void host.on('message', heard),
    send: (message) => void host.send(message, () => {}),
    letGo() {
      for (const stream of output) stream?.destroy()
      if (host.connected) host.disconnect()
    },
  }
}
