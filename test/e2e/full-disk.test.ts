import { copyFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillDatabase } from '../support/filled-database.ts'
import { scratchFolder } from '../support/scratch.ts'
import { canHaveSmallDisks, makeSmallDisk, type SmallDisk } from '../support/small-disk.ts'

const scratch = scratchFolder()

describe.runIf(canHaveSmallDisks())('a library on a disk that is full', () => {
  let disk: SmallDisk
  let before: object
  const state = async () => {
    const { stdout } = await disk.corescope('library', '--json')
    const { sample_bytes, runs, policy } = JSON.parse(stdout)
    return { sample_bytes, runs, policy }
  }
  const full = (ended: object) => expect(ended).toMatchObject({ code: 1, stderr: cannotGrow() })
  const cannotGrow = () =>
    `corescope: the disk is full: ${join(disk.folder, 'runs.db')} cannot grow\n`

  beforeAll(async () => {
    const filled = scratch.path('filled.db')
    fillDatabase(filled, { runs: 4, trials: 6, chunks: 40 })
    disk = await makeSmallDisk(scratch.path('disk'), statSync(filled).size + 1_000_000)
    copyFileSync(filled, join(disk.seen, 'runs.db'))
    expect((await disk.corescope('library', 'thin', '--after', '1')).code).toBe(0)
    before = await state()
  })
  afterAll(() => disk.close())

  it('says so where there is not even room to read it', async () => {
    disk.leave(0)
    full(await disk.corescope('runs'))
  })

  it('is neither thinned, nor compacted, nor backed up, says why, and keeps all of it', async () => {
    disk.leave(60_000)
    full(await disk.corescope('library', 'thin', '--now'))
    full(await disk.corescope('library', 'compact'))
    const copy = join(disk.folder, 'copy.db')
    expect(await disk.corescope('library', 'backup', copy)).toMatchObject({
      code: 1,
      stderr: `corescope: cannot back up to ${copy}: the disk is full\n`,
    })
    const left = readdirSync(disk.seen).filter((name) => !name.startsWith('runs.db'))
    expect(left).toEqual(['filler'])
    expect(await state()).toEqual(before)
  })

  it('is whole, and all of it can be done, as soon as there is room', async () => {
    disk.leave(2 ** 30)
    expect(await state()).toEqual(before)
    const thinned = await disk.corescope('library', 'thin', '--now')
    expect(thinned).toMatchObject({ code: 0, stderr: expect.stringMatching(/^thinned 4 runs: /) })
    expect((await disk.corescope('library', 'compact')).code).toBe(0)
    expect((await disk.corescope('library', 'backup', join(disk.folder, 'copy.db'))).code).toBe(0)
    expect(await state()).toEqual({ ...before, sample_bytes: 0 })
  })
})
