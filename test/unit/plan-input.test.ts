import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explainProblems, planDocument } from '../../src/cli/plan-input.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corescope-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(text: string): Promise<string> {
  const path = join(folder, 'plan.json')
  await writeFile(path, text)
  return path
}

describe('flags', () => {
  it('become fields of a plan', async () => {
    const document = await planDocument(undefined, {
      workload: 'sha256',
      param: ['size_kib=4', 'rounds=2'],
      models: 'inline, threads',
      workers: '1,2',
      duration: '0.5',
      repeat: 'auto',
      // As commander names it: --max-repeat.
      maxRepeat: '12',
      label: '3',
    })
    expect(document).toEqual({
      workload: 'sha256',
      parameters: { size_kib: 4, rounds: 2 },
      models: ['inline', 'threads'],
      workers: [1, 2],
      duration_s: 0.5,
      repeat: 'auto',
      max_repeat: 12,
      label: '3',
    })
  })

  it('that are no numbers stay as they are, for the schema to name', async () => {
    for (const text of ['NaN', '', '0x10', '1_000', 'Infinity', '--1']) {
      expect(await planDocument(undefined, { tasks: text })).toEqual({ tasks: text })
    }
  })

  it('go over what the file says, and tasks stand in for a duration', async () => {
    const path = await file('{"duration_s": 3, "repeat": 5, "parameters": {"n": 10}}')
    expect(await planDocument(path, { tasks: '7', param: ['m=1'] })).toEqual({
      repeat: 5,
      tasks: 7,
      parameters: { n: 10, m: 1 },
    })
  })

  it('that are no pairs are refused', async () => {
    await expect(planDocument(undefined, { param: ['n'] })).rejects.toThrow(
      '--param: "n" is not allowed; allowed: name=value',
    )
  })
})

describe('a plan file', () => {
  it.each<[string, () => Promise<string>, RegExp]>([
    ['missing', async () => join(folder, 'nowhere.json'), /there is no such file/],
    ['a folder', async () => folder, /not a file/],
    ['not JSON', () => file('{"workload": '), /not JSON/],
    ['of 10 MB', () => file(`"${'x'.repeat(10_000_000)}"`), /10,000,002 bytes are too many/],
  ])('that is %s is refused on one line', async (_, path, message) => {
    const name = await path()
    await expect(planDocument(name, {})).rejects.toThrow(message)
    await expect(planDocument(name, {})).rejects.toThrow(name)
  })

  it('may be deeply nested: it is read, and the schema refuses it', async () => {
    const path = await file(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
    expect(Array.isArray(await planDocument(path, {}))).toBe(true)
  })

  it('may begin with a byte-order mark', async () => {
    expect(await planDocument(await file('\ufeff{"repeat": 2}'), {})).toEqual({ repeat: 2 })
  })
})

describe('a problem', () => {
  it('is named as the user gave it: by its flag, or by its place in the file', () => {
    const problem = (path: string) => [{ path, message: 'wrong' }]
    expect(explainProblems(problem('workers[1]'), undefined, {})).toBe('--workers: wrong')
    expect(explainProblems(problem('workers[1]'), 'p.json', {})).toBe('p.json: workers[1]: wrong')
    expect(explainProblems(problem('workers[1]'), 'p.json', { workers: '0' })).toBe(
      '--workers: wrong',
    )
    expect(explainProblems(problem('max_repeat'), 'p.json', { maxRepeat: '4' })).toBe(
      '--max-repeat: wrong',
    )
    expect(explainProblems(problem('parameters.n'), 'p.json', { param: ['n=1'] })).toBe(
      '--param n: wrong',
    )
    expect(explainProblems(problem('parameters.n'), 'p.json', { param: ['m=1'] })).toBe(
      'p.json: parameters.n: wrong',
    )
  })
})
