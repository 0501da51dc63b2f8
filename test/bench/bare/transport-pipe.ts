// Bytes to a process and back through its standard input and output, with nothing around it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { size, timeRoundTrips } from './round-trips.ts'

/** Each message is as long as its first four bytes say. */
function hear(from: Readable, heard: (bytes: Buffer) => void): void {
  const message = Buffer.alloc(4 + size)
  let seen = 0
  from.on('data', (chunk: Buffer) => {
    seen += chunk.copy(message, seen)
    if (seen < 4 || seen < 4 + message.readUInt32LE()) return
    seen = 0
    heard(message)
  })
}

function say(to: Writable, bytes: Buffer): void {
  to.write(bytes)
}

if (process.argv[3] === undefined) {
  const child = spawn(process.execPath, [import.meta.filename, String(size), 'echo'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const message = Buffer.alloc(4 + size)
  message.writeUInt32LE(size)
  await once(child, 'spawn')
  let came = () => {}
  hear(child.stdout, () => came())
  await timeRoundTrips(
    () =>
      new Promise<void>((resolve) => {
        came = resolve
        say(child.stdin, message)
      }),
  )
} else {
  hear(process.stdin, (bytes) => say(process.stdout, bytes))
}
