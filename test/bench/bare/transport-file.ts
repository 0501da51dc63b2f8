// Bytes to a process and back through files, each announced by a message, with nothing around it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { size, timeRoundTrips } from './round-trips.ts'

if (process.send === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'bare-'))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  const child = fork(import.meta.filename, [String(size), folder])
  const bytes = Buffer.alloc(size)
  await once(child, 'message')
  let came = () => {}
  child.on('message', () => {
    readFileSync(join(folder, 'back'))
    came()
  })
  await timeRoundTrips(
    () =>
      new Promise<void>((resolve) => {
        came = resolve
        writeFileSync(join(folder, 'there'), bytes)
        child.send('there')
      }),
  )
} else {
  const folder = String(process.argv[3])
  process.on('message', () => {
    writeFileSync(join(folder, 'back'), readFileSync(join(folder, 'there')))
    process.send?.('back')
  })
  process.send('ready')
}
