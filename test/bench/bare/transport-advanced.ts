// Bytes to a process and back by fork with advanced serialization, with nothing around it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { size, timeRoundTrips } from './round-trips.ts'

if (process.send === undefined) {
  const child = fork(import.meta.filename, { serialization: 'advanced' })
  let bytes = new Uint8Array(size)
  await once(child, 'message')
  let came = () => {}
  child.on('message', (answer: Uint8Array<ArrayBuffer>) => {
    bytes = answer
    came()
  })
  await timeRoundTrips(
    () =>
      new Promise<void>((resolve) => {
        came = resolve
        child.send(bytes)
      }),
  )
} else {
  process.on('message', (bytes) => process.send?.(bytes))
  process.send('ready')
}
