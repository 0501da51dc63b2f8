import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import { openDatabase } from '../../src/engine/storage/database.ts'
import type { ExportForm } from '../../src/shared/contract.ts'
import type { Run } from '../../src/shared/model/run.ts'
import { briskMachine } from '../support/brisk-machine.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

const label = `=1+1, "q"\n<b>&\u202e שלום 🎉 ${'x'.repeat(9000)}`
let lab: Lab
let run: Run
let document: string

function labAt(name: string): Lab {
  return new Lab({
    databasePath: scratch.path(name),
    programs,
    version: '0',
    machine: briskMachine,
  })
}

function exported(from: Lab, id: number, form: ExportForm): Promise<string> {
  return from.exchange.export({ of: { run: id }, form, theme: 'light' }).then(text)
}

/** Handed over in small pieces, as from a pipe. */
function inPieces(whole: string, size = 1000): Readable {
  const bytes = Buffer.from(whole)
  return Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    ),
  )
}

beforeAll(async () => {
  lab = labAt('here.db')
  const plan = await lab.checkPlan({
    workload: 'primes',
    parameters: { n: 20_000 },
    models: ['inline', 'threads', 'processes'],
    workers: [2],
    duration_s: 0.2,
    interval_ms: 50,
    repeat: 5,
    label,
  })
  const started = await lab.start(plan, { force: true, announce: () => {} })
  const finished = await started.finished
  // All that its user has said of it goes with it.
  await lab.library.edit(finished.run.id, { notes: 'n\n"ñ"', tags: ['b', 'a c'], isKept: true })
  run = await lab.saved.run(finished.run.id)
  document = await exported(lab, run.id, 'run.json')
}, 120_000)
afterAll(() => lab.close())

/** The document with something in it twice that there is once, each and what is said of it. */
function twice(): [name: string, text: string, message: RegExp][] {
  const edited = (edit: (parts: Parts) => void) => {
    const parts = JSON.parse(document) as Parts
    edit(parts)
    return JSON.stringify(parts)
  }
  const again = <T>(list: T[]) => list.push(list[0] as T)
  const trials = ({ configurations }: Parts, at: number) => configurations[at]?.trials ?? []
  return [
    ['a span', edited((parts) => again(parts.task_spans)), /given twice for this worker/],
    ['an overview', edited((parts) => again(parts.overviews)), /given twice for this trial/],
    [
      'an id',
      edited(({ configurations: [a, b] }) => Object.assign(b ?? {}, { id: a?.id })),
      /an id /,
    ],
    [
      'an ordinal',
      edited((parts) =>
        Object.assign(trials(parts, 1)[0] ?? {}, { ordinal: trials(parts, 0)[0]?.ordinal }),
      ),
      /the ordinal \d+ is given twice/,
    ],
    [
      'an index',
      edited((parts) => Object.assign(trials(parts, 1)[1] ?? {}, { index: 0 })),
      /the index 0 is given twice/,
    ],
    [
      'a worker',
      edited((parts) => again(trials(parts, 1)[0]?.workers ?? [])),
      /the index of a worker is given twice/,
    ],
  ]
}

interface Parts {
  readonly configurations: {
    readonly id: number
    readonly trials: { readonly ordinal: number; readonly workers: object[] }[]
  }[]
  readonly task_spans: object[]
  readonly overviews: object[]
}

/** A run but for what is given anew where it is imported. */
function withoutPlace(of: Run) {
  const places = new Map(of.configurations.map(({ id }, at) => [id, at]))
  const { id: _, imported_at, sample_bytes: __, ...rest } = of
  return {
    ...rest,
    configurations: of.configurations.map(({ id: ___, ...configuration }) => configuration),
    trials: of.trials.map(({ id: ____, configuration_id, ...trial }) => ({
      ...trial,
      configuration: places.get(configuration_id),
    })),
  }
}

describe('a run that is exported as JSON', () => {
  it('has all that was there when its export began, though it is deleted meanwhile', async () => {
    const other = labAt('deleted.db')
    const { id } = await other.exchange.import(inPieces(document), 'run.json')
    const whole = await exported(other, id, 'run.json')
    const of = { of: { run: id }, form: 'run.json', theme: 'light' } as const
    const stream = await other.exchange.export(of)
    await other.library.delete(id)
    expect(await text(stream)).toBe(whole)
    await other.close()
  })

  it('can be broken off before anybody reads it: who reads it then is told', async () => {
    const stopped = new AbortController()
    stopped.abort()
    const of = { of: { run: run.id }, form: 'run.json', theme: 'light' } as const
    const stream = await lab.exchange.export(of, { signal: stopped.signal })
    // The error comes before the reader, and would end the app where nobody listens.
    await setImmediate()
    await expect(text(stream)).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
  })

  it('is the same where it is imported: trials, samples, verdicts, to the last digit', async () => {
    const other = labAt('other.db')
    const outcome = await other.exchange.import(inPieces(document), 'run.json')
    expect(outcome.isNew).toBe(true)
    const there = await other.saved.run(outcome.id)
    expect(there.imported_at).not.toBeNull()
    expect(withoutPlace(there)).toEqual(withoutPlace(run))
    for (const [at, trial] of run.trials.entries()) {
      const same = there.trials[at] as (typeof run.trials)[number]
      expect(await other.saved.samples(same.id)).toEqual(await lab.saved.samples(trial.id))
      expect(await other.saved.timeline(same.id)).toEqual(await lab.saved.timeline(trial.id))
    }
    const [here, elsewhere] = await Promise.all([
      lab.saved.compare(run),
      other.saved.compare(there),
    ])
    expect(here.comparisons.length).toBeGreaterThan(0)
    expect(elsewhere.sentences).toEqual(here.sentences)
    expect(elsewhere.comparisons.map(({ a: _, b: __, ...each }) => each)).toEqual(
      here.comparisons.map(({ a: _, b: __, ...each }) => each),
    )
    await other.close()
  })

  it('reads the same when it is exported again, but for numbers and when it came', async () => {
    const other = labAt('again.db')
    const { id } = await other.exchange.import(inPieces(document, 64 * 1024), 'run.json')
    const again = await exported(other, id, 'run.json')
    const lines = (whole: string) =>
      whole.split('\n').filter((line) => !/^ *"(id|a|b|imported_at|sample_bytes)":/.test(line))
    expect(lines(again)).toEqual(lines(document))
    expect(again).toContain('"imported_at": "')
    await other.close()
  })

  it('is imported once, and brought back where it was put away', async () => {
    const other = labAt('twice.db')
    const { id } = await other.exchange.import(inPieces(document), 'run.json')
    await other.library.putAway(id)
    expect(await other.exchange.import(inPieces(document), 'run.json')).toEqual({
      id,
      isNew: false,
    })
    expect((await other.saved.run(id)).label).toBe(label)
    expect(await other.library.all()).toHaveLength(1)
    await other.close()
  })

  it('of a run that was still running, is of one that was interrupted, and so are its trials', async () => {
    const other = labAt('running.db')
    const running = document.replaceAll('"status": "done"', '"status": "running"')
    const { id } = await other.exchange.import(inPieces(running), 'run.json')
    const { status, reason, trials } = await other.saved.run(id)
    for (const each of [{ status, reason }, ...trials]) {
      expect(each).toMatchObject({
        ...{ status: 'interrupted', reason: 'it was still running when it was exported' },
      })
    }
    await other.close()
  })

  it('leaves nothing where the database takes the last of it no more', async () => {
    const other = labAt('broken off.db')
    const { database } = openDatabase(scratch.path('broken off.db'), 'write')
    database.exec(
      `CREATE TRIGGER ends BEFORE INSERT ON tags BEGIN SELECT RAISE(ABORT, 'no more'); END`,
    )
    await expect(other.exchange.import(inPieces(document), 'run.json')).rejects.toThrow('no more')
    for (const table of ['runs', 'trials', 'sample_chunks', 'task_spans', 'overviews']) {
      expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0)
    }
    database.exec('DROP TRIGGER ends')
    database.close()
    expect(await other.exchange.import(inPieces(document), 'run.json')).toMatchObject({
      isNew: true,
    })
    await other.close()
  })

  it('of a run that was thinned, says when', async () => {
    const other = labAt('thinned.db')
    const thinned = document.replace(
      '"thinned_at": null',
      '"thinned_at": "2026-01-02T03:04:05.678Z"',
    )
    const { id } = await other.exchange.import(inPieces(thinned), 'run.json')
    expect((await other.saved.run(id)).thinned_at).toBe('2026-01-02T03:04:05.678Z')
    await other.close()
  })

  it('leaves nothing of a document that is wrong, and says where and what', async () => {
    const other = labAt('refused.db')
    const changed = (from: string | RegExp, to: string) => {
      const text = document.replace(from, to)
      expect(text).not.toBe(document)
      return text
    }
    const deep = '['.repeat(100_000)
    const cases: [name: string, text: string, message: RegExp][] = [
      ['nothing', '', /there is nothing in it/],
      ['foreign', '{"name":"x"}', /"name" is unknown; allowed: a run that Corescope has exported/],
      ['a list', '[1]', /"\[1\]" at byte 0 is not allowed; allowed: an object/],
      ['binary', '\u0000\u0001', /byte 0 is not allowed/],
      ['truncated', document.slice(0, -20), /breaks off after \d+ bytes/],
      ['cut in a sample', document.slice(0, document.length >> 1), /breaks off after/],
      ['more behind', `${document}{}`, /allowed: nothing more/],
      [
        'another version',
        changed('"version": 1', '"version": 2'),
        /version: 2 is not allowed; allowed: 1; a newer Corescope/,
      ],
      ['another format', changed('corescope-run', 'x'), /format: "x" is not allowed/],
      [
        'deep',
        changed('"findings": null', `"findings": ${deep}`),
        /findings: more than 16 levels deep/,
      ],
      [
        'wrong type',
        changed(/"ordinal": 0,/, '"ordinal": "0",'),
        /configurations\[\d\]\.(trials|warm_ups)\[0\]\.ordinal: "0" is not allowed/,
      ],
      [
        'absurd size',
        changed(/"workers": 2,/, '"workers": 1e9,'),
        /configurations\[1\]\.workers: 1000000000 is not allowed/,
      ],
      [
        'infinite',
        changed(/"wall_ms": [\d.]+/, '"wall_ms": 1e999'),
        /metrics\.wall_ms: Infinity is not allowed/,
      ],
      [
        'larger than any figure',
        changed(/"wall_ms": [\d.]+/, '"wall_ms": 1e308'),
        /metrics\.wall_ms: 1e\+308 is not allowed/,
      ],
      [
        'later than any trial ends',
        changed(/"released_ms": [\d.]+/, '"released_ms": -1e12'),
        /released_ms: -1000000000000 is not allowed/,
      ],
      [
        'a sample later than any trial ends',
        changed(/"t_ms":\[[\d.]+/, '"t_ms":[1e308'),
        /samples\[0\]\.t_ms\[0\]: 1e\+308 is not allowed/,
      ],
      [
        'a name that stands for what all objects have',
        changed('"parameters": {', '"parameters": {"__proto__": 1, '),
        /parameters: "__proto__" is not allowed as a name/,
      ],
      [
        'an overview of more cores than it tells of',
        changed(
          /"timeline":\{.*?\}/,
          '"timeline":{"cores":65536,"workers":1,"slotReadings":1,"inLastSlot":1,"t":[1,2]}',
        ),
        /overviews\[0\]\.timeline\.busyCores: it is missing/,
      ],
      [
        'unknown member',
        changed('"notes": "",', '"notes": "", "__proto__": {},'),
        /run.*is unknown/,
      ],
      [
        'unknown series',
        changed('"core.0.busy"', '"core.99999999.busy"'),
        /"core.99999999.busy" is no series/,
      ],
      [
        'uneven columns',
        changed(/"dt_ms":\[/, '"dt_ms":[1,'),
        /samples\[0\]\.dt_ms: \d+ values are not allowed; allowed: \d+/,
      ],
      [
        'no such trial',
        changed(/\{"trial":0,"stream"/, '{"trial":77,"stream"'),
        /samples\[0\]\.trial: there is no trial with ordinal 77/,
      ],
      ...twice().map(
        ([name, text, message]) => [`${name} twice`, text, message] as [string, string, RegExp],
      ),
      ['twice', changed('"findings": null', '"version": 1'), /version: given twice/],
      ['no run', changed('"run": {', '"findings": {'), /given twice|run: it is missing/],
      [
        'a path as uid',
        changed(/"uid": "[^"]+"/, '"uid": "../../x"'),
        /run\.uid: "\.\.\/\.\.\/x" is not allowed/,
      ],
      ['a long label', changed('"label": "', `"label": "${'y'.repeat(10_000)}`), /run\.label/],
      ['a bare word', changed('"findings": null', '"findings": nul'), /findings: no JSON/],
      ['a comma too many', changed('"version": 1,', '"version": 1,,'), /allowed: a name/],
    ]
    for (const [name, text, message] of cases) {
      const refused = other.exchange.import(inPieces(text), `${name}.json`)
      await expect(refused, name).rejects.toThrow(message)
      await expect(refused, name).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.not.stringMatching(/[\n\u202e]/),
      })
    }
    expect(await other.library.all()).toEqual([])
    await other.close()
  })
})
