import { describe, expect, it } from 'vitest'
import { Admission } from '../../src/cli/web/admission.ts'
import { messageHtml } from '../../src/cli/web/message-page.ts'
import { RateLimit } from '../../src/cli/web/rate-limit.ts'
import { ownHosts, whyForeign } from '../../src/cli/web/request-origin.ts'
import { downloadIn, downloadPath } from '../../src/cli/web/run-download.ts'

describe('a rate limit', () => {
  it('lets a burst through, then as many as it gains, and never more than a burst', () => {
    let now = 0
    const rate = new RateLimit(10, 3, () => now)
    const taken = () => {
      let count = 0
      while (rate.take()) count++
      return count
    }
    expect(taken()).toBe(3)
    now += 99
    expect(taken()).toBe(0)
    now += 1
    expect(taken()).toBe(1)
    now += 250
    expect(taken()).toBe(2)
    now += 50
    expect(taken()).toBe(1)
    now += 3_600_000
    expect(taken()).toBe(3)
  })
})

describe('an admission', () => {
  it('takes the newest link alone, and once', () => {
    const admission = new Admission(4747)
    expect(admission.redeem('')).toBe(false)
    const [older, newer] = [admission.newToken(), admission.newToken()]
    expect(older).not.toBe(newer)
    expect(admission.redeem(older)).toBe(false)
    expect(admission.redeem(newer)).toBe(true)
    expect(admission.redeem(newer)).toBe(false)
  })

  it('knows its cookie among others, and no other web shell’s', () => {
    const [here, there] = [new Admission(4747), new Admission(4747)]
    const cookie = here.cookie.split(';')[0] as string
    expect(here.knows(cookie)).toBe(true)
    expect(here.knows(`a=b; ${cookie};c`)).toBe(true)
    expect(here.knows(`corescope_4747=old; ${cookie}`)).toBe(true)
    expect(there.knows(cookie)).toBe(false)
    for (const other of [undefined, '', 'corescope_4747', 'corescope_4747=', `x${cookie}`]) {
      expect(here.knows(other), other).toBe(false)
    }
    expect(here.knows(`${cookie}x`)).toBe(false)
    expect(here.knows(cookie.slice(0, -1))).toBe(false)
    expect(here.knows(cookie.replace('4747', '4748'))).toBe(false)
  })
})

describe('the names of the web shell', () => {
  it('are without a port on HTTP’s own, as browsers send them', () => {
    expect(ownHosts(4747)).toEqual(['127.0.0.1:4747', 'localhost:4747'])
    const hosts = ownHosts(80)
    expect(whyForeign({ host: '127.0.0.1', origin: 'http://127.0.0.1' }, hosts)).toBeNull()
    expect(whyForeign({ host: '127.0.0.1:80' }, hosts)).toContain('127.0.0.1 and localhost')
  })
})

describe('a message', () => {
  it('is text, whatever is in it', () => {
    const html = messageHtml({ title: '<b>', paragraphs: ['"&\'</p><script>'] })
    expect(html).not.toMatch(/<b>|<script/)
    expect(html).toContain('&#34;&#38;&#39;&#60;/p&#62;&#60;script&#62;')
  })
})

describe('a download', () => {
  it('is found again by its path', () => {
    const theme = 'light' as const
    for (const wanted of [
      { of: { run: 12 }, form: 'samples.csv', theme },
      { of: { run: 12 }, form: 'chart.svg', chart: 'cores-busy', theme: 'dark' },
      {
        of: {
          sides: [
            { run: 1, configuration: null },
            { run: 2, configuration: 34 },
          ],
          across_machines: true,
        },
        form: 'comparison.csv',
        theme,
      },
    ] as const) {
      const [path, query] = downloadPath(wanted).split('?') as [string, string | undefined]
      expect(downloadIn(path, query)).toEqual(wanted)
    }
    for (const [path, query] of [
      ['/export/12/run.json', 'theme=pink'],
      ['/export/12/run.json', 'of=1'],
      ['/export/compare/1.,2/comparison.csv'],
      ['/export/compare/1.2.3/comparison.csv'],
      [`/export/compare/${'1,'.repeat(20)}1/comparison.csv`],
    ] as const) {
      expect(downloadIn(path, query)).toBeNull()
    }
    expect(downloadIn('/export/12/pdf')).toBeNull()
  })
})
