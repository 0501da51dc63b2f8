import { readFileSync, writeFileSync } from 'node:fs'
import { readFrames, writeFrame } from './frames.ts'
import { acknowledge } from './look.ts'
import type { Part, PartChannel } from './part.ts'
import { sharedPayload } from './shared-payload.ts'

export type Transport =
  | 'structured clone'
  | 'transfer'
  | 'shared memory'
  | 'fork json'
  | 'fork advanced'
  | 'pipe'
  | 'file'

export interface EchoingData {
  readonly transport: Transport
  /** What the two share; null where that is nothing. */
  readonly shared: SharedArrayBuffer | null
  /** The files for the way there and the way back; null where there are none. */
  readonly files: readonly [there: string, back: string] | null
}

/** Gives back every payload as it came, but for the first byte, in which stands what it has seen of it. */
const echoing: Part = (channel) => {
  const data = channel.data as EchoingData
  channel.send('ready')
  echo[data.transport](channel, data)
}

export default echoing

const echo: Readonly<Record<Transport, (channel: PartChannel, data: EchoingData) => void>> = {
  'structured clone': echoMessages,
  transfer(channel) {
    channel.receive((message) => {
      const bytes = message as Uint8Array<ArrayBuffer>
      acknowledge(bytes)
      channel.send(bytes, [bytes.buffer])
    })
  },
  'shared memory'(_, { shared }) {
    const payload = sharedPayload(shared as SharedArrayBuffer, 1)
    for (;;) {
      const bytes = payload.take() as Uint8Array
      acknowledge(bytes)
      payload.give(bytes)
    }
  },
  'fork json'(channel) {
    channel.receive((message) => {
      const bytes = Buffer.from(message as string, 'base64')
      acknowledge(bytes)
      channel.send(bytes.toString('base64'))
    })
  },
  'fork advanced': echoMessages,
  pipe() {
    readFrames(process.stdin, (bytes) => {
      acknowledge(bytes)
      writeFrame(process.stdout, bytes)
    })
  },
  file(channel, { files }) {
    const [there, back] = files as readonly [string, string]
    channel.receive(() => {
      const bytes = readFileSync(there)
      acknowledge(bytes)
      writeFileSync(back, bytes)
      channel.send(bytes.length)
    })
  },
}

function echoMessages(channel: PartChannel): void {
  channel.receive((message) => {
    acknowledge(message as Uint8Array)
    channel.send(message)
  })
}
