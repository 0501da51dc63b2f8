import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { corescope, startIn } from '../support/command.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

describe('corescope run --sampler', () => {
  it('systeminformation runs, and says of what it cannot read nothing rather than 0', async () => {
    const { code, stdout } = await corescope(
      scratch.path('portable.db'),
      ...['run', '--sampler', 'systeminformation', '--models', 'threads,processes'],
      ...['--workers', '2', '--duration', '0.5', '--repeat', '1', '--warmup', '0', '--json', '-'],
    )
    expect(code).toBe(0)
    const { run, configurations } = JSON.parse(stdout)
    expect(run.plan.sampler).toBe('systeminformation')
    expect(run.environment.sampling_provider).toBe('systeminformation')
    expect(configurations).toHaveLength(2)
    for (const { trials } of configurations) {
      const [{ status, metrics }] = trials
      expect(status).toBe('done')
      expect(metrics).toMatchObject({
        ...{ peak_pss_bytes: null, peak_uss_bytes: null, migrations: null },
        memory_per_worker_bytes: expect.any(Number),
      })
      expect(metrics.peak_rss_bytes).toBeGreaterThan(0)
    }
  })

  describe('proc, on a system that is not Linux', () => {
    // The command asks its own platform; nothing is measured, so that nothing else is another's.
    const script = 'Object.defineProperty(process,"platform",{value:"freebsd"})'
    const elsewhere = {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
    }
    const refusal =
      'sampler: "proc" is not allowed here: only Linux has /proc; allowed: auto, systeminformation\n'

    it('is refused in one line', async () => {
      const flags = ['run', '--sampler', 'proc']
      const ended = await startIn(elsewhere, scratch.path('elsewhere.db'), ...flags).ended
      expect(ended).toEqual({ code: 2, stdout: '', stderr: `corescope: --${refusal}` })
    })

    it('is refused in a plan from a file, which is named', async () => {
      const plan = scratch.path('elsewhere.json')
      await writeFile(plan, '{"sampler": "proc"}')
      const ended = await startIn(elsewhere, scratch.path('elsewhere.db'), 'run', plan).ended
      expect(ended).toEqual({ code: 2, stdout: '', stderr: `corescope: ${plan}: ${refusal}` })
    })
  })
})
