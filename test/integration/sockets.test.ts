import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type SocketLimits, Sockets, usualLimits } from '../../src/cli/web/sockets.ts'
import { Lab } from '../../src/engine/lab.ts'
import { LabService } from '../../src/service/lab-service.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder, until } from '../support/scratch.ts'
import { Tab } from '../support/served.ts'

const scratch = scratchFolder()
const opened: { server: Server; sockets: Sockets; lab: Lab }[] = []

/** Sockets with limits of their own, for whoever connects. */
async function open(limits: Partial<SocketLimits>) {
  const lab = new Lab({ databasePath: scratch.path('runs.db'), programs, version: '0' })
  const service = new LabService(lab, {
    shell: 'web',
    version: '0',
    plansFolder: '',
    exportFile: async () => ({ kind: 'cancelled' }),
    importRun: async () => null,
    backup: async () => ({ kind: 'cancelled' }),
    openPlan: async () => null,
    openModule: async () => null,
  })
  const sockets = new Sockets(service, { ...usualLimits, ...limits })
  const server = createServer().on('upgrade', (...request) => sockets.accept(...request))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push({ server, sockets, lab })
  return { service, sockets, port: (server.address() as AddressInfo).port }
}

afterEach(async () => {
  for (const { server, sockets, lab } of opened.splice(0)) {
    server.close()
    await sockets.close()
    await lab.close()
  }
})

describe('a tab that', () => {
  it('does not take what it is told is given up; it connects again, and is told the rest', async () => {
    const { service, port } = await open({ waitingBytes: 1024 * 1024 })
    const [slow, other] = [await Tab.open(port, ''), await Tab.open(port, '')]
    for (const tab of [slow, other]) await tab.ask('watch')
    slow.socket.pause()
    const error = { code: 'internal', message: 'x'.repeat(1024 * 1024), details: [] } as const
    const most = 64
    for (let told = 0; told < most; told++) {
      service.tellAll({ type: 'problem', error })
      await until('the other has heard it', () => other.events.length === told + 2)
    }
    slow.socket.resume()
    expect((await slow.closed()).code).toBe(1006)
    expect(slow.events.length).toBeLessThan(most)
    const back = await Tab.open(port, '')
    await back.ask('watch')
    expect(back.events).toEqual([{ type: 'present', run: null }])
  })

  it('is not there any more is found out, and one that is silent is kept, also where we are held up', async () => {
    const { port } = await open({ heartbeatMs: 100 })
    const dead = new WebSocket(`ws://127.0.0.1:${port}/socket`, { autoPong: false })
    let isClosed = false
    dead.on('close', () => {
      isClosed = true
    })
    const silent = await Tab.open(port, '')
    let heartbeats = 0
    const pause = new Int32Array(new SharedArrayBuffer(4))
    silent.socket.on('ping', () => {
      // Longer than from one heartbeat to the next, in which nobody here hears or says anything.
      if (++heartbeats === 3) Atomics.wait(pause, 0, 0, 250)
    })
    await until('the dead one is dropped', () => isClosed)
    await until('there were some heartbeats more', () => heartbeats > 5)
    expect(silent.ended).toBeNull()
    expect(await silent.ask('stop')).toBe(false)
  })

  it('has gone while it was being answered is not told anything more', async () => {
    const { service, port } = await open({})
    const gone = await Tab.open(port, '')
    gone.socket.send('{"id": 1, "method": "watch"}')
    gone.socket.terminate()
    await gone.closed()
    const other = await Tab.open(port, '')
    await other.ask('watch')
    service.tellAll({ type: 'runs-changed' })
    await until('the other is told', () => other.events.length === 2)
  })

  it('does not say farewell does not hold up the end', async () => {
    const { sockets, port } = await open({})
    const deaf = await Tab.open(port, '')
    deaf.socket.pause()
    await sockets.close()
    deaf.socket.resume()
    await deaf.closed()
  })
})

describe('messages', () => {
  it('are bounded in their rate for each tab by itself', async () => {
    const { port } = await open({ messagesPerSecond: 0.001, messagesAtOnce: 3 })
    const [one, two] = [await Tab.open(port, ''), await Tab.open(port, '')]
    for (let i = 0; i < 3; i++) expect(await one.ask('stop')).toBe(false)
    one.socket.send('{"id": 9, "method": "stop"}')
    expect(await one.closed()).toMatchObject({ code: 1008 })
    expect(await two.ask('stop')).toBe(false)
  })
})
