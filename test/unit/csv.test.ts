import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvTables, table, writeCsv } from '../../src/engine/reports/csv.ts'
import { nothingCompared } from '../../src/shared/model/comparison.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { exampleColumns, exampleRun } from '../support/example-run.ts'

let folder: string

/** The example's samples are counted from its release. */
function tablesOf(run: Run, samples = exampleColumns) {
  return csvTables(run, { summaries: [], comparison: nothingCompared, samples: () => samples })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corescope-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(join(folder, name)), { columns: true })
}

describe('the tables of a run', () => {
  beforeAll(async () => {
    const label = '=HYPERLINK("x"), "quoted"\nand more'
    await writeCsv(tablesOf({ ...exampleRun, label }), folder)
  })

  it('are three files, and no unfinished one', async () => {
    expect((await readdir(folder)).toSorted()).toEqual(['samples.csv', 'trials.csv', 'workers.csv'])
  })

  it('follow RFC 4180: every line ends in CRLF', async () => {
    const text = await readFile(join(folder, 'samples.csv'), 'utf8')
    expect(text.endsWith('\r\n')).toBe(true)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  it('make a text harmless that a spreadsheet would take for a formula', async () => {
    const [trial] = await read('trials.csv')
    expect(trial?.run_label).toBe(`'=HYPERLINK("x"), "quoted"\nand more`)
  })

  it('leave negative numbers numbers', async () => {
    const samples = await read('samples.csv')
    expect(Number(samples[0]?.t_ms)).toBe(-100.5)
  })

  it('hold one observation a row: a subject at a time', async () => {
    const samples = await read('samples.csv')
    expect(samples.map(({ subject, subject_id, busy }) => [subject, subject_id, busy])).toEqual([
      ['machine', '', ''],
      ['core', '0', '0.5'],
      ['core', '1', '1'],
      ['tree', '', ''],
      ['worker', '0', ''],
    ])
    expect(samples[4]).toMatchObject({ tasks_done: '7', cpu_share: '0.25', t_ms: '10' })
  })

  it('leave empty what is not known', async () => {
    const [trial] = await read('trials.csv')
    expect(trial).toMatchObject({ peak_pss_bytes: '', wall_ms: '1000', checksum_ok: 'true' })
  })
})

it('a text can begin no cell of its own: neither by a line break alone, nor by a semicolon or a tab', async () => {
  const label = 'a\n=1+1\nb;=2+2\tc\t@x'
  const here = join(folder, 'cells')
  await writeCsv(tablesOf({ ...exampleRun, label }, []).slice(0, 1), here)
  const text = await readFile(join(here, 'trials.csv'), 'utf8')
  expect(text).toContain(`"a\n'=1+1\nb;'=2+2\tc\t'@x"`)
  const rows = parse(text, { columns: true, record_delimiter: '\r\n' }) as { run_label: string }[]
  expect(rows.map((row) => row.run_label)).toEqual([`a\n'=1+1\nb;'=2+2\tc\t'@x`])
})

it('a table that breaks off leaves nothing behind, of those before it neither', async () => {
  const broken = table('broken.csv', ['a'], function* () {
    yield { a: 1 }
    throw new Error('the database is gone')
  })
  const whole = table('broken first.csv', ['a'], () => [{ a: 1 }])
  await expect(writeCsv([whole, broken], folder)).rejects.toThrow('gone')
  expect((await readdir(folder)).filter((name) => name.startsWith('broken'))).toEqual([])
})

it('tables take their names together: of a set that breaks off, those of before are left', async () => {
  const here = join(folder, 'set')
  const first = (a: number) =>
    table('first.csv', ['a'], function* () {
      yield { a }
    })
  const broken = table('second.csv', ['a'], function* () {
    yield { a: 2 }
    throw new Error('the database is gone')
  })
  await writeCsv([first(1)], here)
  await expect(writeCsv([first(2), broken], here)).rejects.toThrow('gone')
  expect(await readdir(here)).toEqual(['first.csv'])
  expect(await readFile(join(here, 'first.csv'), 'utf8')).toBe('a\r\n1\r\n')
})
