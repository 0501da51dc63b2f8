import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { corescope } from '../support/command.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const home = () => scratch.path('home.db')
const run = promisify(execFile)

/** Every character that has a meaning to one of the readers. */
const label = '=1+1; "q", \'s\' | `c`\r\nsecond\nthird \u202e שלום 🎉\t@SUM(A1)'

/** Whether a program is here; where it is not, the test says so instead of passing in silence. */
async function isHere(program: string, ...flags: readonly string[]): Promise<boolean> {
  return run(program, flags).then(
    () => true,
    () => false,
  )
}

beforeAll(async () => {
  const flags = ['--workload', 'primes', '--param', 'n=2000', '--tasks', '40', '--workers', '1']
  const quick = ['--repeat', '5', '--warmup', '0', '--interval', '50', '--quiet']
  // One after the other, so that their trials are numbered so in each library.
  for (const each of [label, 'again']) {
    const ended = await corescope(home(), 'run', ...flags, ...quick, '--label', each)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
  }
  const out = scratch.path('tables')
  const exported = await corescope(home(), 'export', '1', '--format', 'csv', '--out', out)
  expect(exported.code).toBe(0)
}, 180_000)

const tables = ['trials', 'workers', 'samples', 'comparison'] as const

/** Rows of a table as we read it, the first its head. */
async function rowsOf(table: string): Promise<string[][]> {
  const text = await readFile(scratch.path('tables', `${table}.csv`), 'utf8')
  return parse(text, { record_delimiter: '\r\n' })
}

describe('the tables of a run', () => {
  it('are read by Python as they are', async (context) => {
    if (!(await isHere('python3', '--version'))) context.skip('no python3 is here')
    const program =
      "import csv, json, sys; print(json.dumps(list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))))"
    for (const table of tables) {
      const { stdout } = await run(
        'python3',
        ['-c', program, scratch.path('tables', `${table}.csv`)],
        { maxBuffer: 1e8 },
      )
      const read = JSON.parse(stdout) as string[][]
      expect(read.length).toBeGreaterThan(1)
      expect(read).toEqual(await rowsOf(table))
    }
    const [head = [], first = []] = await rowsOf('trials')
    expect(first[head.indexOf('run_label')]).toBe(label.replace('=', "'=").replace('@', "'@"))
  })

  it('are imported by SQLite’s own shell as they are', async (context) => {
    if (!(await isHere('sqlite3', '--version'))) context.skip('no sqlite3 is here')
    for (const table of tables) {
      const file = scratch.path('tables', `${table}.csv`)
      const { stdout, stderr } = await run(
        'sqlite3',
        [
          ':memory:',
          ...['.mode csv', `.import '${file}' read`, '.mode json', 'SELECT * FROM read'],
        ],
        { maxBuffer: 1e8 },
      )
      const rows = JSON.parse(stdout) as Record<string, string>[]
      const [head, ...values] = await rowsOf(table)
      expect([Object.keys(rows[0] ?? {}), ...rows.map(Object.values)]).toEqual([head, ...values])
      expect(stderr).toBe('')
    }
  })
})

describe('a library on another machine', () => {
  it('says the same of what was brought to it, to the last digit', async () => {
    const away = scratch.path('away.db')
    for (const id of ['1', '2']) {
      const file = scratch.path(`${id}.json`)
      await corescope(home(), 'export', id, '--format', 'json', '--out', file)
      expect(await corescope(away, 'import', file)).toMatchObject({ code: 0 })
    }
    // The numbers of runs, configurations and trials are the same as well: none was there before.
    const told = async (database: string, ...words: readonly string[]) => {
      const { code, stdout } = await corescope(database, ...words, '--json')
      expect(code).toBe(0)
      return stdout.replace(/"imported_at": ("[^"]*"|null)/g, '"imported_at"')
    }
    for (const words of [
      ['compare', '1', '2'],
      ['compare', '1'],
      ['show', '1'],
      ['show', '2'],
    ]) {
      const [there, here] = await Promise.all([told(away, ...words), told(home(), ...words)])
      expect(there, words.join(' ')).toBe(here)
    }
    const there = JSON.parse((await corescope(away, 'runs', '--json')).stdout)
    expect(there).toMatchObject([{ label: 'again' }, { label }])
    for (const { imported_at } of there) expect(imported_at).toMatch(/^\d{4}-/)
  }, 180_000)
})

describe('what other tools open', () => {
  it('has the figures of the trials: hyperfine’s form', async () => {
    const { stdout } = await corescope(home(), 'export', '1', '--format', 'hyperfine', '--out', '-')
    const { results } = JSON.parse(stdout) as { results: { times: number[]; mean: number }[] }
    const [head = [], ...rows] = await rowsOf('trials')
    const walls = rows.map((row) => Number(row[head.indexOf('wall_ms')]) / 1000)
    expect(results.flatMap(({ times }) => times).toSorted()).toEqual(walls.toSorted())
    for (const { times, mean } of results) {
      expect(mean).toBeCloseTo(times.reduce((sum, each) => sum + each, 0) / times.length, 9)
    }
  })
})

describe('where tables cannot go', () => {
  it.each([
    ['-', 'several tables cannot go to standard output'],
    ['', 'no folder is named'],
  ])('%j is refused', async (out, why) => {
    const ended = await corescope(home(), 'export', '1', '--format', 'csv', '--out', out)
    expect(ended).toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr: `corescope: --out: ${why}; allowed: a folder that can be written to\n`,
    })
  })

  it('a file of someone else’s with a name like ours is left alone', async () => {
    const theirs = scratch.path('1-again.json.partial')
    await writeFile(theirs, 'a download that goes on')
    const out = scratch.path('1-again.json')
    expect(await corescope(home(), 'export', '1', '--format', 'json', '--out', out)).toMatchObject({
      code: 0,
    })
    expect(await readFile(theirs, 'utf8')).toBe('a download that goes on')
  })
})
