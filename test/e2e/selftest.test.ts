import { mkdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SelfTestReport } from '../../src/shared/model/self-test.ts'
import { corescope, type Ended, type Started, start, trialIsBusy } from '../support/command.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

// Short, and on a machine that others use: that it runs is shown here, what it finds is not. So it may
// as well go on while the rest is tested.
let selfTest: Started
beforeAll(() => {
  selfTest = start(scratch.path('self.db'), 'selftest', '--trials', '20', '--json')
})
// Where nobody has waited for its end.
afterAll(async () => {
  selfTest.child.kill('SIGINT')
  await selfTest.ended
})

describe('a self-test that is stopped', () => {
  it('ends at once, keeps what it has, and says so', async () => {
    const database = scratch.path('stopped.db')
    const { child, ended } = start(database, 'selftest', '--json', scratch.path('stopped.json'))
    await trialIsBusy(database)
    child.kill('SIGINT')
    const { code, stdout } = await ended
    expect(code).toBe(130)
    expect(stdout).toContain('interrupted: stopped by the user')
    expect(stdout).toContain('what was measured is kept: run 1')
    const runs = JSON.parse((await corescope(database, 'runs', '--json')).stdout)
    expect(runs).toMatchObject([{ status: 'interrupted' }])
  })
})

describe('what a self-test cannot do', () => {
  it.concurrent.each([
    [['--trials', '19'], '--trials: 19 is not allowed; allowed: a whole number from 20 to 300'],
    [['--trials', 'ten'], '--trials: "ten" is not allowed; allowed: a whole number from 20 to 300'],
    [['--slowdown', '1'], '--slowdown: 1 is not allowed; allowed: a number from 3 to 100'],
    [['--trials', '1', '--slowdown', 'x'], /^corescope: --trials: .*; --slowdown: "x" [^\n]*\n$/],
    [['--json', '/nowhere/at/all.json'], '--json: '],
    [['--often'], "unknown option '--often'"],
  ])('is told on one line for %j', async (flags, said) => {
    const { code, stdout, stderr } = await corescope(scratch.path('bad.db'), 'selftest', ...flags)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    if (typeof said === 'string') expect(stderr).toContain(said)
    else expect(stderr).toMatch(said)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it('is told where its runs could not be kept', async () => {
    const folder = scratch.path('folder.db')
    await mkdir(folder)
    const { code, stderr } = await corescope(folder, 'selftest', '--quiet')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^corescope: .*folder\.db.*\n$/)
  })
})

describe('corescope selftest', () => {
  let ended: Ended
  let report: SelfTestReport

  beforeAll(async () => {
    ended = await selfTest.ended
    report = JSON.parse(ended.stdout)
  }, 480_000)

  it('says what was asked and what was measured of each part', () => {
    expect(report).toMatchObject({ status: 'done', options: { trials: 20, slowdown_percent: 5 } })
    expect(report.parts.map(({ contest }) => contest)).toEqual([
      ...['a-a', 'a-a', 'a-b', 'a-b', 'a-a', 'a-a', 'a-b', 'a-b'],
      ...['held', 'held', 'held'],
    ])
    for (const part of report.parts) {
      if (part.ok === null) expect(part.measured).toBeNull()
      else expect(part.interval?.low).toBeLessThanOrEqual(Number(part.measured))
    }
    for (const part of report.parts) expect(ended.stderr).toContain(part.asked)
  })

  it('exits with 0 where all is passed, with 1 where not', () => {
    expect(report.passed).toBe(report.parts.every(({ ok }) => ok !== false))
    expect(ended.code).toBe(report.passed ? 0 : 1)
    expect(ended.stderr).toMatch(report.passed ? /\nPassed/ : /\nNot passed: /)
  })

  it('says first how long it will take', () => {
    expect(ended.stderr).toMatch(/^this takes about .* s; leave the machine alone meanwhile\n/)
  })

  it('keeps its runs, so that everyone can look', async () => {
    expect(report.runs).toEqual([1, 2])
    const { stdout } = await corescope(scratch.path('self.db'), 'show', '1')
    expect(stdout).toContain('self-test: the same work twice, and 5 % more of it')
    expect(stdout.match(/threads × 1 size_kib=1000 +20 /g)).toHaveLength(2)
    expect(stdout.match(/threads × 1 size_kib=1050 +20 /g)).toHaveLength(1)
    const memory = await corescope(scratch.path('self.db'), 'show', '2', '--json')
    expect(
      JSON.parse(memory.stdout).configurations.map(
        (each: { parameters: { size_mib: number } }) => each.parameters.size_mib,
      ),
    ).toEqual([1, 64, 1, 64, 1, 64])
  })
})
