import { mkdirSync, readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { start } from '../support/command.ts'
import { fillDatabase } from '../support/filled-database.ts'
import { scratchFolder, until } from '../support/scratch.ts'

const scratch = scratchFolder()
const posix = process.platform !== 'win32'
const database = () => scratch.path('runs.db')

/** Some seconds of writing. */
beforeAll(() => fillDatabase(database(), { runs: 1, trials: 1, chunks: 20_000 }))

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
