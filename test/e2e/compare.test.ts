import { beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { RunRecording } from '../../src/engine/storage/run-recording.ts'
import type { Trend } from '../../src/shared/model/trend.ts'
import { corescope, type Ended } from '../support/command.ts'
import { keepRun } from '../support/kept-run.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const hour = 3_600_000

/** 1: the baseline; 2: slower; 3: as fast, noisy; 4: other work; 5: few trials, slower. */
beforeAll(() => {
  const { database } = openDatabase(scratch.path('runs.db'), 'write')
  const recording = new RunRecording(database)
  const at = (number: number) => ({ uid: `run ${number}`, startedAt: number * hour })
  const processes = ['processes', 4, 90, 91, 92, 93, 94] as const
  const pss = { peak_pss_bytes: 5e7, migrations: 0 }
  keepRun(recording, [['threads', 4, 100, 101, 102, 103, 104], processes], {
    ...at(1),
    metrics: pss,
  })
  keepRun(recording, [['threads', 4, 80, 81, 82, 83, 84], processes], { ...at(2), metrics: pss })
  keepRun(recording, [['threads', 4, 50, 60, 94, 140, 150]], {
    ...at(3),
    metrics: { migrations: 1 },
  })
  keepRun(recording, [['threads', 4, 100, 101]], { ...at(4), plan: { tasks: 99 } })
  keepRun(recording, [['threads', 4, 50, 51]], at(5))
  database.exec("INSERT INTO baselines VALUES ('primes', 1)")
  database.close()
})

const command = (...flags: string[]): Promise<Ended> => corescope(scratch.path('runs.db'), ...flags)

const slower = 'throughput_per_s < 0.95'

describe('corescope compare', () => {
  it('prints what differs, a table for each pair, and what that says', async () => {
    const { code, stdout, stderr } = await command('compare', 'baseline', '2')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^A {2}run 1, threads × 4 .* run 1 \(baseline\)$/m)
    expect(stdout).toMatch(
      /^throughput_per_s +102\/s +82\/s +0\.80× +0\.7\d to 0\.8\d +0\.0079 +A better$/m,
    )
    expect(stdout).toMatch(/^D : C /m)
    expect(stdout).toMatch(/^A \(run 1, threads × 4\) completed 1\.24× .*: A is faster\./m)
  })

  it('compares the configurations of one run, named in any way', async () => {
    const all = await command('compare', '1', '--metric', 'throughput_per_s')
    expect(all.stdout).toContain('B  processes × 4')
    const named = await command('compare', '1:2', '1:threads/4', '--metric', 'throughput_per_s')
    expect(named.stdout).toMatch(/^A {2}processes × 4 /m)
    expect(named.stdout).not.toContain('peak_pss_bytes')
  })

  it('prints one document where that is asked for', async () => {
    const { stdout } = await command('compare', '1:threads', 'last', '--json')
    const { sides, pairs, charts } = JSON.parse(stdout)
    expect([sides.length, pairs.length]).toEqual([2, 1])
    expect(charts[0]).toMatchObject({ name: 'overlay-cores', chart: { kind: 'lines' } })
  })

  it('ends with 2 and the reason where nothing can be compared', async () => {
    const { code, stdout } = await command('compare', '1:threads', '4')
    expect(code).toBe(2)
    expect(stdout).toMatch(
      /B : A cannot be compared:\n {2}the amount of work differs: 10 tasks and 99/,
    )
  })

  it.concurrent.each<[string[], RegExp]>([
    [['compare', '7', '1'], /there is no run 7 in /],
    [['compare', 'first', '1'], /"first" is not allowed; allowed: RUN or RUN:CONFIGURATION/],
    [['compare', '1:fibers', '2'], /"1:fibers" is not allowed; allowed: RUN or RUN:CONFIGURATION/],
    [
      ['compare', '1:threads/8', '2'],
      /run 1 has no such configuration; allowed: 1:threads\/4, 1:pro/,
    ],
    [
      ['compare', '1:3', '2'],
      /run 1 has no such configuration; allowed: 1:threads\/4, 1:processes\/4/,
    ],
    [['compare', 'baseline'], /"baseline" is not allowed; allowed: beside another run/],
    [['compare', 'baseline', '1'], /allowed: a run beside its baseline, which run 1 is itself/],
    [
      ['compare', '1', '2', '--metric', 'speed'],
      /--metric: "speed" is not allowed; allowed: wall_ms/,
    ],
    [
      ['compare', '1', '2', '--fail-if', 'speed < 1'],
      /--fail-if: "speed" is not allowed; allowed: wall/,
    ],
    [['compare', '1', '2', '--fail-if', 'wall_ms = 1'], /--fail-if: "wall_ms = 1" is not allowed/],
    [
      ['compare', '1', '2', '--fail-if', 'checksum_ok < 1'],
      /--fail-if: "checksum_ok" is not allowed/,
    ],
    [['trend', '1'], /run 1 has several configurations; allowed: 1:threads\/4, 1:processes\/4/],
    [['trend', 'baseline:threads'], /allowed: a run by its number, or last/],
  ])('says on one line what is wrong with %j', async (flags, line) => {
    const { code, stdout, stderr } = await command(...flags)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(line)
    expect(stderr).toMatch(/^corescope: [^\n]*\n$/)
  })
})

describe('a comparison as a gate', () => {
  const gate = async (...flags: string[]) => {
    const { code, stderr } = await command('compare', ...flags)
    return [code, ...stderr.split('\n').filter((line) => line !== '')]
  }

  it.concurrent.each<[string, string[], number, RegExp[]]>([
    ['passes', ['1', '2', '--fail-if', 'throughput_per_s < 0.5'], 0, []],
    [
      'fails, sure of it',
      ['1', '2', '--fail-if', slower],
      1,
      [
        /^corescope: failed: throughput_per_s < 0\.95: B \(run 2, threads × 4\) : A \(run 1, threads × 4\) is 0\.80× \(95 % interval .*, p = 0\.0079\): the difference is shown$/,
      ],
    ],
    [
      'fails by what may be chance',
      ['1:threads', '3', '--fail-if', slower],
      1,
      [/ is 0\.92× \(.*\): it may be chance$/],
    ],
    [
      'passes over what may be chance, where that is asked for',
      ['1:threads', '3', '--fail-if-shown', slower],
      0,
      [],
    ],
    ['fails by what is shown', ['1', '2', '--fail-if-shown', slower], 1, [/is shown$/]],
    [
      'cannot show anything with few trials',
      ['1:threads', '5', '--fail-if-shown', slower],
      2,
      [/^corescope: cannot be judged: .*too few trials to say whether it is chance \(5 and 2; 5 a/],
    ],
    [
      'does not pass what is refused',
      ['1:threads', '4', '--fail-if', slower],
      2,
      [/^corescope: cannot be judged: .*: the amount of work differs: 10 tasks and 99 tasks$/],
    ],
    [
      'does not pass a figure that one side has not',
      ['1:threads', '3', '--fail-if', 'peak_pss_bytes > 1.1'],
      2,
      [/: B has no peak_pss_bytes$/],
    ],
    [
      'does not pass where there is no ratio',
      ['1:threads', '3', '--fail-if', 'migrations > 1.1'],
      2,
      [/: there is no ratio to a median of 0$/],
    ],
    [
      'does not pass over a configuration that is gone',
      ['1', '3', '--fail-if', 'throughput_per_s < 0.5'],
      2,
      [/^corescope: cannot be judged: run 1 has processes × 4, which none of the others has$/],
    ],
    [
      'fails where one threshold is broken and another cannot be judged',
      ['1:threads', '3', '--fail-if', 'peak_pss_bytes > 1', '--fail-if', slower],
      1,
      [/^corescope: failed: throughput/, /^corescope: cannot be judged: peak_pss/],
    ],
  ])('%s', async (_, flags, code, lines) => {
    const [ended, ...told] = await gate(...flags)
    expect([ended, told.length]).toEqual([code, lines.length])
    lines.forEach((line, at) => {
      expect(told[at]).toMatch(line)
    })
  })
})

describe('runs of two machines', () => {
  const here = (...flags: string[]) => corescope(scratch.path('machines.db'), ...flags)

  beforeAll(() => {
    const { database } = openDatabase(scratch.path('machines.db'), 'write')
    const recording = new RunRecording(database)
    const on = (uid: string, hostname: string, cpu_model: string, startedAt: number) => ({
      ...{ uid, startedAt },
      environment: { hostname, cpu_model },
    })
    keepRun(recording, [['threads', 4, 100, 101, 102, 103, 104]], on('1', 'oak', 'One', hour))
    keepRun(recording, [['threads', 4, 80, 81, 82, 83, 84]], on('2', 'ash', 'Two', 2 * hour))
    database.exec("INSERT INTO baselines VALUES ('primes', 1)")
    database.close()
  })

  it('are compared where the machines are what is compared, and are no gate elsewhere', async () => {
    const refused = await here('compare', '1', '2', '--fail-if', slower)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(': the machines differ in processor: One and Two\n')
    const across = await here('compare', '1', '2', '--across-machines')
    expect([across.code, across.stderr]).toEqual([0, ''])
    expect(across.stdout).toMatch(/^throughput_per_s .* 0\.80× .* A better$/m)
    expect(across.stdout).toContain('the machines differ (oak, ash): what is found is of machine ')
    const gate = await here('compare', '1', '2', '--across-machines', '--fail-if', slower)
    expect(gate.code).toBe(1)
    expect(gate.stderr).toMatch(/^corescope: failed: .* is shown\n$/)
    const { stdout } = await here('compare', '1', '2', '--across-machines', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ across_machines: true, pairs: [{ refused: [] }] })
  })

  it('have one trend where that is asked for', async () => {
    const apart = await here('trend', '2', '--fail-if', slower)
    expect([apart.code, apart.stdout.includes('0.80×')]).toEqual([2, false])
    expect(apart.stdout).toContain('left out: run 1: the machines differ in processor: Two and One')
    const together = await here('trend', '2', '--across-machines', '--fail-if', slower)
    expect([together.code, together.stdout.includes('0.80×')]).toEqual([1, true])
  })
})

describe('corescope trend', () => {
  it('lists the runs of a configuration beside the baseline', async () => {
    const { code, stdout } = await command('trend', '2:threads')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ +1 .* 102\/s .* baseline /m)
    expect(stdout).toMatch(/^> 2 .* 82\/s .* 0\.80× .* worse$/m)
    expect(stdout).toContain('ratios are to run 1, the baseline')
    expect(stdout).toContain('left out: run 4: the amount of work differs: 10 tasks and 99 tasks')
    const document = JSON.parse((await command('trend', '5', '--json')).stdout) as Trend
    expect(document.points.map(({ run }) => run.id)).toEqual([1, 2, 3, 5])
  })

  it('is a gate of the run that was named against the baseline, in any figure', async () => {
    const failed = await command('trend', '2:threads', '--fail-if', slower)
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(
      /^corescope: failed: .* : A \(run 1, .* the difference is shown\n$/,
    )
    const passed = await command('trend', '2:processes', '--fail-if', 'peak_pss_bytes > 1.1')
    expect([passed.code, passed.stderr]).toEqual([0, ''])
    const itself = await command('trend', '1:threads', '--fail-if', slower)
    expect([itself.code, itself.stderr]).toEqual([
      2,
      `corescope: cannot be judged: ${slower}: run 1 is the baseline itself\n`,
    ])
  })
})
