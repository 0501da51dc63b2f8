import { describe, expect, it } from 'vitest'
import { isOwnerAlive, thisOwner } from '../../src/engine/storage/liveness.ts'

describe('the owner of a run', () => {
  const now = 1_000_000

  it('is alive while its process is, however long it has been silent', () => {
    expect(isOwnerAlive(thisOwner(), 0, now)).toBe(true)
  })

  it('is gone when its process is, however lately it was heard of', () => {
    const owner = { ...thisOwner(), processId: 2 ** 22 + 1 }
    expect(isOwnerAlive(owner, now, now)).toBe(false)
  })

  it.runIf(process.platform === 'linux')('is gone when its number is somebody else’s now', () => {
    const owner = { ...thisOwner(), birth: 'another boot 1' }
    expect(isOwnerAlive(owner, now, now)).toBe(false)
  })

  it('of another machine is believed while it gives signs of life', () => {
    const owner = { processId: 1, birth: null, hostname: 'elsewhere' }
    expect(isOwnerAlive(owner, now - 1000, now)).toBe(true)
    expect(isOwnerAlive(owner, now - 3_600_000, now)).toBe(false)
  })
})
