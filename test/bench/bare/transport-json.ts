// Bytes to a process and back by fork, as base64 in its JSON, with nothing around it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { size, timeRoundTrips } from './round-trips.ts'

if (process.send === undefined) {
  const child = fork(import.meta.filename)
  const bytes = Buffer.alloc(size, 7)
  await once(child, 'message')
  let came = () => {}
  child.on('message', (text: string) => {
    Buffer.from(text, 'base64')
    came()
  })
  await timeRoundTrips(
    () =>
      new Promise<void>((resolve) => {
        came = resolve
        child.send(bytes.toString('base64'))
      }),
  )
} else {
  process.on('message', (text: string) => {
    process.send?.(Buffer.from(text, 'base64').toString('base64'))
  })
  process.send('ready')
}
