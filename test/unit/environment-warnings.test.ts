import { describe, expect, it } from 'vitest'
import {
  changeWarnings,
  environmentWarnings,
} from '../../src/engine/sampling/environment/warnings.ts'
import type { Environment, Warning } from '../../src/shared/model/environment.ts'
import { hiddenMachine, quietMachine } from '../support/example-environment.ts'

const codesOf = (warnings: readonly Warning[]) => warnings.map(({ code }) => code)

describe('before a run', () => {
  const warnings = (own: Partial<Environment>, workers = 4) =>
    environmentWarnings({ ...quietMachine, ...own }, workers)

  it('nothing is said of a quiet machine, nor of what is not known', () => {
    expect(warnings({})).toEqual([])
    expect(environmentWarnings(hiddenMachine, 4)).toEqual([])
  })

  it.each<[string, Partial<Environment>, string, RegExp]>([
    ['other programs', { load_before: 0.26 }, 'busy-machine', /26 % of the cores.*; close/],
    [
      'a governor that saves power',
      { governor: 'powersave' },
      'slow-governor',
      /"powersave".*; set/,
    ],
    ['one such core', { governor: 'performance, ondemand' }, 'slow-governor', /ondemand/],
    [
      'a clock held down',
      { frequency_limit_ghz: 2.1 },
      'capped-clock',
      /2\.1 GHz .*4\.2 GHz; lift/,
    ],
    [
      'a quota',
      { cgroup_cpu_limit_cores: 2.5 },
      'cgroup-quota',
      /2\.50 of 4 cores.*; .* 2 workers$/,
    ],
    ['a small quota', { cgroup_cpu_limit_cores: 0.5 }, 'cgroup-quota', / 1 worker$/],
    ['few cores', { usable_cores: 3 }, 'more-workers-than-cores', /4 workers share 3 .*; plan/],
    ['the battery', { power_source: 'battery' }, 'battery', /battery; connect/],
  ])('%s: one line that says what to do', (_, own, code, message) => {
    expect(warnings(own)).toEqual([{ code, message: expect.stringMatching(message) }])
    expect(warnings(own)[0]?.message).not.toContain('\n')
  })

  it('what lies just within its bounds is not worth a word', () => {
    const bounds = {
      load_before: 0.1,
      governor: 'schedutil',
      frequency_limit_ghz: 4,
      usable_cores: 4,
    }
    expect(warnings({ ...bounds, cgroup_cpu_limit_cores: 4 })).toEqual([])
  })

  it('where no run is meant, the load is told as it is now', () => {
    expect(warnings({ load_before: 0.5 }, 0)[0]?.message).toMatch(/are busy now/)
  })
})

describe('after a run', () => {
  const minute = 60_000
  /** The same machine a minute later. */
  const later: Environment = {
    ...quietMachine,
    taken_at: '2026-01-01T10:01:00.000Z',
    taken_monotonic_ms: 5_000_000 + minute,
  }
  const changes = (own: Partial<Environment>, before: Partial<Environment> = {}) =>
    changeWarnings({ ...quietMachine, ...before }, { ...later, ...own }, 4)

  it('nothing is said where nothing happened, nor of what is not known', () => {
    expect(changes({})).toEqual([])
    expect(changeWarnings(hiddenMachine, hiddenMachine, 4)).toEqual([])
    expect(changeWarnings(hiddenMachine, later, 4)).toEqual([])
    expect(changeWarnings(quietMachine, { ...hiddenMachine, taken_at: later.taken_at }, 4)).toEqual(
      [],
    )
  })

  it.each<[string, Partial<Environment>, string, RegExp]>([
    [
      'a quota that held work back',
      { cgroup_throttled_ms: 440, cgroup_throttled_periods: 8 },
      'cgroup-throttled',
      /for 340 ms of its cores' time in 1 period; lift/,
    ],
    ['heat', { thermal_throttle_events: 5 }, 'thermal-throttled', /2 times .* hot; let/],
    [
      'a clock that fell',
      { frequency_ghz: 3.39 },
      'slower-clock',
      /from 4\.00 to 3\.39 GHz.*; let/,
    ],
    // 4 cores for a minute are 240 s.
    ['time for other machines', { stolen_ms: 2000 + 7200 }, 'stolen-time', /3\.0 % .*; run again/],
    ['swapping', { swapped_pages: 12_345 + 1000 }, 'memory-pressure', /1,000 pages.*; close/],
    [
      'waiting for memory',
      { memory_stalled_ms: 40 + 900 },
      'memory-pressure',
      /waited 900 ms .*; close/,
    ],
    [
      'a wall clock set ahead',
      { taken_at: '2026-01-01T11:01:00.000Z' },
      'clock-jump',
      /3,600 s ahead of.*durations hold.*dates/,
    ],
    [
      'a wall clock set back',
      { taken_at: '2026-01-01T10:00:50.000Z' },
      'clock-jump',
      /10\.0 s behind.*durations hold/,
    ],
    [
      'a wall clock that runs wrong by a few per cent',
      { taken_monotonic_ms: 5_000_000 + minute - 700 },
      'clock-jump',
      /700 ms ahead/,
    ],
    [
      'a wall clock set ahead by 2 s in an hour',
      { taken_at: '2026-01-01T11:00:02.000Z', taken_monotonic_ms: 5_000_000 + 60 * minute },
      'clock-jump',
      /2,000 ms ahead/,
    ],
  ])('%s: one line that says what to do', (_, own, code, message) => {
    expect(changes(own)).toEqual([{ code, message: expect.stringMatching(message) }])
  })

  it('what lies just within its bounds is not worth a word', () => {
    expect(
      changes({
        frequency_ghz: 3.4,
        stolen_ms: 2000 + 4800,
        swapped_pages: 12_345 + 256,
        memory_stalled_ms: 40 + 600,
        taken_monotonic_ms: 5_000_000 + minute + 600,
      }),
    ).toEqual([])
    expect(changes({ frequency_ghz: 9, temperature_celsius: 90, load_before: 0.9 })).toEqual([])
  })

  it('a short run is not taken for one in which the clock jumped', () => {
    const short = { taken_at: '2026-01-01T10:00:01.090Z', taken_monotonic_ms: 5_001_000 }
    expect(changes(short)).toEqual([])
    expect(codesOf(changes({ ...short, taken_at: '2026-01-01T10:00:01.110Z' }))).toEqual([
      'clock-jump',
    ])
  })

  it('what was so before is told once, what came in between is told as a change', () => {
    const unplugged = { power_source: 'battery', governor: 'powersave' } as const
    expect(changes(unplugged, unplugged)).toEqual([])
    const told = changes(unplugged)
    expect(codesOf(told)).toEqual(['slow-governor', 'battery'])
    for (const { message } of told) expect(message).toMatch(/^changed during the run: /)
  })

  it('counters that have begun anew say nothing', () => {
    const anew = {
      cgroup_throttled_ms: 0,
      cgroup_throttled_periods: 0,
      thermal_throttle_events: 0,
      stolen_ms: 0,
      swapped_pages: 0,
      memory_stalled_ms: 0,
      taken_monotonic_ms: 10,
    }
    expect(changes(anew)).toEqual([])
  })
})
