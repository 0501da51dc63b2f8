import { readFile, writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import { corescope } from '../support/command.ts'
import { keepEndedRun } from '../support/ended-run.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const path = () => scratch.path('library.db')
const ask = (...words: readonly string[]) => corescope(path(), ...words)

/** Runs of a table, by their numbers, in its order. */
const numbers = (table: string) =>
  table
    .split('\n')
    .slice(1)
    .flatMap((line) => /^ *(\d+) /.exec(line)?.[1] ?? [])

beforeAll(() => {
  const { database } = openDatabase(path(), 'write')
  const recording = new RunRecording(database)
  const day = (of: number) => new Date(2026, 0, of).getTime()
  for (let at = 1; at <= 30; at++) {
    const plan = { workload: at % 2 === 0 ? 'sort' : 'primes', parameters: { n: 1000 } }
    const trials = at === 1 ? (['without overview'] as const) : []
    keepEndedRun(recording, `run ${at}`, { plan, trials, startedAt: day(at), machine: 'birch' })
  }
  database.close()
})

describe('corescope runs', () => {
  it('lists the newest and says how many more, or those that are asked for', async () => {
    const { stdout, stderr } = await ask('runs')
    expect(numbers(stdout)).toEqual(Array.from({ length: 25 }, (_, at) => String(30 - at)))
    expect(stderr).toMatch(/^5 more; /)
    const days = ['--from', '2026-01-03', '--before', '2026-01-09']
    const some = await ask('runs', 'BIRCH', 'run', '--workload', 'sort', ...days, '--reverse')
    expect(numbers(some.stdout)).toEqual(['4', '6', '8'])
    expect(some.stderr).toBe('')
    const json = await ask('runs', '--json', '--sort', 'label', '--limit', '2')
    expect(JSON.parse(json.stdout)).toMatchObject([{ label: 'run 1' }, { label: 'run 10' }])
    expect((await ask('runs', 'nowhere')).stdout).toMatch(/^no run is found; .* newest of 30/)
  })

  it.concurrent.each([
    [['runs', '--from', '2026-02-30'], '--from: "2026-02-30" is not allowed'],
    [['runs', '--limit', '0'], '--limit: "0" is not allowed'],
    [['runs', '--status', 'x'], 'Allowed choices are running, done, failed, interrupted'],
    [['edit', '1'], 'edit: nothing is said to change'],
    [['edit', '1', '--tag', ' x'], '--tag: 1 to 100 characters'],
    [['edit', '1', '--label', 'x'.repeat(10_001)], '--label: 10001 characters are too many'],
    [['baseline', '--clear'], '--clear: of which run is missing'],
    [['restore', '77'], 'there is no run 77'],
    [['library', 'thin', '--after', 'x'], '--after: "x" is not allowed; allowed: a whole number'],
    [['library', 'thin', '--now'], '--now: from what age on is missing'],
    [['library', 'backup', '/nowhere/x'], 'cannot back up to /nowhere/x: /nowhere is no folder'],
    [['run', 'x.json', '--like', '1'], '--like: not allowed with a plan'],
    [['show', '1', '--plan', '--json'], 'only one of them'],
  ] as const)('%#: bad input gets one clear line', async (words, line) => {
    const { code, stderr } = await ask(...words)
    expect(code).toBe(2)
    expect(stderr).toContain(line)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('a saved run in the terminal', () => {
  it('is named, tagged and made the baseline, whatever its name is made of', async () => {
    const label = `"q" =1+1\nline \u202e שלום 🎉 ${'x'.repeat(9000)}`
    const edit = await ask('edit', '2', '--label', label, '--tag', 'b c', '--tag', 'a', '--keep')
    expect(edit.stderr).toMatch(
      /^run 2: "q" =1\+1\\u000aline \\u202e שלום 🎉 x+… · tagged a, b c · .* kept\n$/,
    )
    await ask('edit', '2', '--untag', 'b c', '--no-keep')
    const [run] = JSON.parse((await ask('runs', '--json', '--tag', 'a')).stdout)
    expect(run).toMatchObject({ id: 2, label, tags: ['a'], is_kept: false })
    expect((await ask('runs', 'שלום')).stdout).toContain('#a')
    await ask('baseline', '4')
    expect((await ask('baseline', '2')).stderr).toBe(
      'run 2 is the baseline of sort, in place of run 4\n',
    )
    expect((await ask('baseline')).stdout).toMatch(/^workload .*\nsort +2 /)
    await ask('baseline', '2', '--clear')
    expect((await ask('baseline')).stdout).toMatch(/^no run is a baseline/)
  })

  it('is deleted so that it can be restored, or for good', async () => {
    expect((await ask('delete', '3')).stderr).toBe(
      'deleted run 3; "corescope restore 3" brings it back for 30 days\n',
    )
    expect((await ask('show', '3')).code).toBe(2)
    expect(numbers((await ask('runs', '--away')).stdout)).toEqual(['3'])
    expect((await ask('restore', '3')).stderr).toBe('run 3 is back\n')
    expect((await ask('show', '3')).code).toBe(0)
    expect((await ask('delete', '3', '--now')).stderr).toBe('deleted run 3 for good\n')
    expect((await ask('restore', '3')).code).toBe(2)
  })

  it('gives its plan to another, as a file or by itself, with what flags change', async () => {
    const file = scratch.path('plan.json')
    await writeFile(file, (await ask('show', '5', '--plan')).stdout)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      workload: 'primes',
      tasks: 10,
    })
    const flags = ['--tasks', '2', '--warmup', '0', '--quiet', '--json', '-']
    const [again, like, other] = await Promise.all([
      ask('run', file, ...flags),
      ask('run', '--like', '5', '--label', 'like it', ...flags),
      ask('run', '--like', '5', '--workload', 'sleep', ...flags),
    ])
    const plans = [again, like, other].map(({ stdout }) => JSON.parse(stdout).run.plan)
    const same = { workload: 'primes', parameters: { n: 1000 }, tasks: 2, seed: 1, repeat: 1 }
    expect(plans[0]).toMatchObject(same)
    expect(plans[1]).toMatchObject({ ...same, label: 'like it' })
    // Of another workload the parameters are others.
    expect(plans[2]).toMatchObject({ ...same, workload: 'sleep', parameters: { ms: 50 } })
  })
})

describe('corescope library', () => {
  it('says what there is, thins, compacts and backs up', async () => {
    const before = JSON.parse((await ask('library', '--json')).stdout)
    expect(before.sample_bytes).toBeGreaterThan(0)
    expect((await ask('library', 'thin', '--after', '1')).stderr).toMatch(/^1 run with /)
    expect((await ask('library', 'thin', '--now')).stderr).toMatch(/^thinned 1 run: /)
    expect((await ask('show', '1')).stdout).toMatch(/\nnote: its samples were thinned .*\n$/)
    expect((await ask('library', 'compact')).stderr).toMatch(
      /^gave back \S+( [KM]iB)?; the library takes /,
    )
    const copy = scratch.path('copy.db')
    expect((await ask('library', 'backup', copy)).stderr).toBe(`wrote ${copy}\n`)
    const [here, there] = await Promise.all([
      ask('runs', '--json'),
      corescope(copy, 'runs', '--json'),
    ])
    expect(there.stdout).toBe(here.stdout)
    expect((await ask('library')).stdout).toContain('samples of runs older than a day are thinned')
  })
})
