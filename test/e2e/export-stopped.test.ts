import { mkdirSync, readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { start } from '../support/command.ts'
import { fillDatabase } from '../support/filled-database.ts'
import { scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const posix = process.platform !== 'win32'
const database = () => scratch.path('runs.db')

/** More writing than anyone is late to see it: of a few samples, each many times. */
beforeAll(() => {
  fillDatabase(database(), { runs: 1, trials: 1, chunks: 100 })
  const { database: filled } = openDatabase(database(), 'write')
  filled.exec(`
    WITH RECURSIVE copies(at) AS (VALUES (1) UNION ALL SELECT at + 1 FROM copies WHERE at < 1200)
    INSERT INTO sample_chunks (trial_id, ordinal, stream, samples, from_ms, to_ms, data)
    SELECT trial_id, ordinal + 100 * at, stream, samples, from_ms, to_ms, data
    FROM sample_chunks, copies
  `)
  filled.close()
})

describe.runIf(posix)('Ctrl-C while a run is exported', () => {
  it.each([
    ['csv', ''],
    ['json', '/run.json'],
  ])('as %s leaves no file, says so, and ends as it does everywhere', async (format, file) => {
    const folder = scratch.path(format)
    mkdirSync(folder)
    const out = `${folder}${file}`
    const { child, ended } = start(database(), 'export', '1', '--format', format, '--out', out)
    await until('a file is being written', () =>
      readdirSync(folder).some((name) =>
        /^(samples\.csv|run\.json)\.[0-9a-f]{8}\.partial$/.test(name),
      ),
    )
    child.kill('SIGINT')
    expect(await ended).toEqual({
      ...{ code: 130, stdout: '' },
      stderr: 'stopped: nothing was kept of what was being written\n',
    })
    expect(readdirSync(folder)).toEqual([])
  })

  it('to standard output says that it is not whole', async () => {
    const { child, ended } = start(database(), ...['export', '1', '--format', 'json', '--out', '-'])
    child.stdout?.once('data', () => {
      // While nobody reads on, it cannot come to its end.
      child.stdout?.pause()
      child.kill('SIGINT')
      setTimeout(() => child.stdout?.resume(), 500)
    })
    expect(await ended).toMatchObject({
      code: 130,
      stderr: 'stopped: what was written is not whole\n',
    })
  })
})
