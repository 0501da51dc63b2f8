import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EchoingData, Transport } from '../partner/echoing.ts'
import { readFrames, writeFrame } from '../partner/frames.ts'
import { type Partner, startPartner } from '../partner/partner.ts'
import { sharedMemory, sharedPayload } from '../partner/shared-payload.ts'

/** A partner that echoes, and the one way there is to reach it. */
export interface Link {
  readonly partner: Partner
  /** Has the partner have the bytes, and resolves with those that it gave back; at once where it blocks. */
  trip(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
}

export interface LinkParts {
  readonly program: string
  /** For the files. */
  readonly folder: string
  /** Of the largest payload. */
  readonly size: number
  /** How long it blocks at the most, where it does, in ms. */
  readonly patienceMs: number
}

/** Starts the partner of a transport. */
export function startLink(transport: Transport, parts: LinkParts): Link {
  return links[transport](parts)
}

const links: Readonly<Record<Transport, (parts: LinkParts) => Link>> = {
  'structured clone'({ program }) {
    const partner = start('threads', program, { transport: 'structured clone' })
    return messageLink(
      partner,
      (bytes) => partner.send(bytes),
      (message) => message as Uint8Array,
    )
  },
  transfer({ program }) {
    const partner = start('threads', program, { transport: 'transfer' })
    return messageLink(
      partner,
      (bytes) => partner.send(bytes, [bytes.buffer as ArrayBuffer]),
      (message) => message as Uint8Array,
    )
  },
  'shared memory'({ program, size, patienceMs }) {
    const shared = sharedMemory(size)
    const payload = sharedPayload(shared, 0)
    return {
      partner: start('threads', program, { transport: 'shared memory', shared }),
      trip(bytes) {
        payload.give(bytes)
        const answer = payload.take(patienceMs)
        if (answer === null) throw new Error(`the partner gave nothing back for ${patienceMs} ms`)
        return answer
      },
    }
  },
  'fork json'({ program }) {
    const partner = start('processes', program, { transport: 'fork json' })
    return messageLink(
      partner,
      (bytes) => partner.send((bytes as Buffer).toString('base64')),
      (message) => Buffer.from(message as string, 'base64'),
    )
  },
  'fork advanced'({ program }) {
    const partner = start(
      'processes',
      program,
      { transport: 'fork advanced' },
      { serialization: 'advanced' },
    )
    return messageLink(
      partner,
      (bytes) => partner.send(bytes),
      (message) => message as Uint8Array,
    )
  },
  pipe({ program }) {
    const partner = start(
      'processes',
      program,
      { transport: 'pipe' },
      { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] },
    )
    const { pipes } = partner
    if (pipes === null) throw new Error('a process with pipes has them')
    let came = (_: Uint8Array): void => {}
    readFrames(pipes.output, (bytes) => came(bytes))
    return {
      partner,
      trip: (bytes) =>
        new Promise((resolve) => {
          came = resolve
          writeFrame(pipes.input, bytes)
        }),
    }
  },
  file({ program, folder }) {
    const [there, back] = [join(folder, 'there'), join(folder, 'back')]
    const partner = start('processes', program, { transport: 'file', files: [there, back] })
    return messageLink(
      partner,
      (bytes) => {
        writeFileSync(there, bytes)
        partner.send(bytes.length)
      },
      () => readFileSync(back),
    )
  },
}

function start(
  model: 'threads' | 'processes',
  program: string,
  data: Partial<EchoingData> & Pick<EchoingData, 'transport'>,
  process?: NonNullable<Parameters<typeof startPartner>[2]>['process'],
): Partner {
  const whole: EchoingData = { shared: null, files: null, ...data }
  return startPartner(model, { program, part: 'echoing', data: whole }, process && { process })
}

/** Of a transport that brings each payload as a message, or tells of it with one. */
function messageLink(
  partner: Partner,
  send: (bytes: Uint8Array) => void,
  bytesOf: (message: unknown) => Uint8Array,
): Link {
  let came: ((answer: Uint8Array) => void) | null = null
  let isHeard = false
  return {
    partner,
    trip(bytes) {
      // Not before the partner has said that it is ready, which is for another.
      if (!isHeard) partner.receive((message) => came?.(bytesOf(message)))
      isHeard = true
      return new Promise((resolve) => {
        came = resolve
        send(bytes)
      })
    },
  }
}
