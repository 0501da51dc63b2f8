import { spawn } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { monotonicMs } from '../../clock.ts'
import type { LabToHost } from '../protocol.ts'
import { MessageLines } from './message-lines.ts'
import type { HostProcess } from './runtime.ts'

/**
 * Starts a host of Python. Messages are lines of JSON, on its standard input and output; a host moves
 * its own away from there before anything else can write to it.
 *
 * @param interpreter path of the Python
 * @param program path of the host's program
 */
export function startPythonHost(interpreter: string, program: string): HostProcess {
  const host = spawn(interpreter, [program], {
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    // Leader of a process group, which ends as one.
    detached: process.platform !== 'win32',
    // Names of files and what is printed are UTF-8 wherever it runs.
    env: { ...process.env, PYTHONUTF8: '1' },
  })
  const strayed = new PassThrough()
  const lines = new MessageLines((text) => strayed.write(text))
  // Its clock is set by the first message: that is sent when it listens, which it says with an empty line.
  let waiting: LabToHost[] | null = []
  const write = (message: LabToHost) => void host.stdin.write(`${JSON.stringify(message)}\n`)
  const writeWaiting = () => {
    for (const message of waiting ?? []) {
      write(message.type === 'start' ? { ...message, at: monotonicMs() } : message)
    }
    waiting = null
  }
  host.stdin.on('error', () => {})
  host.stdout.setEncoding('utf8')
  host.stdout.on('error', () => {})
  host.stdout.on('close', () => strayed.end())
  return {
    process: host,
    output: [strayed, host.stderr],
    listen: (heard) =>
      void host.stdout.on('data', (text: string) => {
        writeWaiting()
        for (const message of lines.take(text)) heard(message)
      }),
    send: (message) => (waiting === null ? write(message) : void waiting.push(message)),
    letGo() {
      host.stdin.destroy()
      host.stdout.destroy()
      host.stderr.destroy()
    },
  }
}
