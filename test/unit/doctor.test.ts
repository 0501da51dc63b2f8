import { describe, expect, it } from 'vitest'
import { doctorReport } from '../../src/cli/terminal/doctor-report.ts'
import { readCapabilities } from '../../src/engine/sampling/capabilities.ts'
import type { Environment, Warning } from '../../src/shared/model/environment.ts'
import { hiddenMachine, quietMachine } from '../support/example-environment.ts'

const database = {
  path: '/data/corescope.db',
  size_bytes: 3_145_728,
  runs: 1,
  read_only: false,
  reclaimable_bytes: 0,
  sample_bytes: 0,
  runs_away: 0,
  policy: { thin_after_days: null },
  integrity: { looked_at: 'whole', problem: null },
} as const
const sampling = {
  provider: 'systeminformation',
  capabilities: readCapabilities('/', 'darwin'),
  hidepid: null,
}

function report(
  environment: Environment,
  { warnings = [] as readonly Warning[], width = Number.POSITIVE_INFINITY } = {},
): string {
  return doctorReport({ environment, warnings, sampling }, database, width, 'CPython 3.11.2')
}

/** What stands beside a name. */
function valueBeside(name: string, text: string): string | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`  ${name}  `))
  return line?.slice(2 + name.length).trim()
}

describe('the doctor’s page', () => {
  it('gives every value its unit', () => {
    const text = report({
      ...quietMachine,
      cgroup_cpu_limit_cores: 1.5,
      cgroup_memory_limit_bytes: 1024 ** 3,
    })
    const shown = (name: string) => valueBeside(name, text)
    expect(shown('cores')).toBe('2 physical, 4 logical, 4 usable')
    expect(shown('memory')).toBe('16.0 GiB, 12.0 GiB of it available')
    expect(shown('clock')).toBe('4.00 GHz, 4.20 GHz at most')
    expect(shown('temperature')).toBe('51 °C')
    expect(shown('load')).toBe('2 % of the cores just now')
    expect(shown('CPU quota')).toBe('1.50 cores (cgroup v2)')
    expect(shown('memory limit')).toBe('1.00 GiB (cgroup v2)')
    expect(shown('held back by quota')).toBe('100 ms in 7 periods')
    expect(shown('time given to others')).toBe('2,000 ms by the hypervisor')
    expect(shown('swapped')).toBe('12,345 pages')
    expect(shown('holds')).toBe('1 run in 3.00 MiB')
  })

  it('tells no limit from one that cannot be known', () => {
    expect(valueBeside('CPU quota', report(quietMachine))).toBe('no limit (cgroup v2)')
    expect(valueBeside('CPU quota', report(hiddenMachine))).toBe('not available here')
    expect(valueBeside('memory limit', report(hiddenMachine))).toBe('not available here')
  })

  it('never shows a null, nor a 0 for what is hidden', () => {
    const text = report(hiddenMachine)
    expect(text).not.toMatch(/null|undefined|NaN/)
    for (const name of [
      'processor',
      'virtual machine',
      'clock',
      'temperature',
      'load',
      'swapped',
    ]) {
      expect(valueBeside(name, text)).toBe('not available here')
    }
  })

  it('says what can be sampled, and of the rest why not', () => {
    const text = report(quietMachine)
    expect(valueBeside('busy time of cores', text)).toBe('available')
    expect(valueBeside('proportional memory, PSS', text)).toBe('not available: only Linux shows it')
  })

  it('ends with the warnings, or with the word that there are none', () => {
    const warnings = [{ code: 'battery', message: 'on battery; connect it' }] as const
    expect(report(quietMachine, { warnings })).toMatch(
      /\nWarnings\n {2}! on battery; connect it\n$/,
    )
    expect(report(quietMachine)).toMatch(/\nWarnings\n {2}none: .*\n$/)
  })

  it('keeps within the terminal, every word of it and each under its own column', () => {
    const message =
      'the CPU governor is "powersave", under which the clock rises late; set it to another'
    const warnings = [{ code: 'slow-governor', message }] as const
    const narrow = report(hiddenMachine, { warnings, width: 60 })
    const lines = narrow.split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
    expect(lines.find((line) => line.includes('set it to another'))).toMatch(/^ {4}\S/)
    const words = (text: string) => text.split(/\s+/)
    expect(words(narrow)).toEqual(words(report(hiddenMachine, { warnings })))
  })

  it('leaves a path whole that is wider than the terminal', () => {
    const path = `/home/${'long'.repeat(30)}/corescope.db`
    const text = doctorReport(
      { environment: quietMachine, warnings: [], sampling },
      { ...database, path },
      80,
      'CPython 3.11.2',
    )
    expect(valueBeside('file', text)).toBe(path)
  })

  it('says why a database cannot be used', () => {
    const broken = { path: '/data/a.db', error: '/data/a.db is not a database' }
    const text = doctorReport(
      { environment: quietMachine, warnings: [], sampling },
      broken,
      80,
      'none',
    )
    expect(valueBeside('cannot be used', text)).toBe('/data/a.db is not a database')
  })
})
