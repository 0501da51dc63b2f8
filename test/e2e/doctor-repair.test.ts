import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { corescope } from '../support/command.ts'
import { fillDatabase } from '../support/filled-database.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

describe('corescope doctor --repair', () => {
  it('says that all is well, what was lost, or that there is nothing, each by its exit code', async () => {
    const path = scratch.path('runs.db')
    fillDatabase(path, { runs: 4, trials: 6, chunks: 3 })
    const sound = await corescope(path, 'doctor', '--repair')
    expect(sound).toMatchObject({ code: 0, stdout: expect.stringMatching(/is sound: 4 runs in/) })

    truncateSync(path, Math.floor(readFileSync(path).length * 0.9))
    const damaged = await corescope(path, 'doctor')
    expect(damaged.code).toBe(1)
    expect(damaged.stdout).toMatch(/cannot be used .*corescope doctor --repair --db/)
    const out = scratch.path('saved.db')
    const torn = await corescope(path, 'doctor', '--repair', '--out', out)
    expect(torn.code).toBe(1)
    expect(torn.stdout).toMatch(/runs +4 saved +0 lost/)
    expect(torn.stdout).toMatch(/chunks of samples +\d+ saved +[1-9]\d* lost/)
    expect(torn.stdout).toContain(`corescope runs --db ${out}`)
    const runs = await corescope(out, 'runs', '--json')
    expect(JSON.parse(runs.stdout)).toHaveLength(4)
    expect(await corescope(out, 'doctor', '--repair')).toMatchObject({ code: 0 })

    const taken = await corescope(path, 'doctor', '--repair', '--out', out)
    expect(taken).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') })
    writeFileSync(path, '')
    const empty = await corescope(path, 'doctor', '--repair')
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('it is empty') })
  })

  it('is named by a plain doctor that finds a broken page', async () => {
    const path = scratch.path('page.db')
    fillDatabase(path, { runs: 4, trials: 6, chunks: 3 })
    const bytes = readFileSync(path)
    bytes.fill(0, bytes.length - 8192, bytes.length - 4096)
    writeFileSync(path, bytes)
    const { code, stdout } = await corescope(path, 'doctor')
    expect(code).toBe(1)
    expect(stdout).toMatch(/integrity +damaged \(.*\); save what can be read with doctor --repair/)
  })
})
