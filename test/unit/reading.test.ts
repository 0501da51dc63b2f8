import { describe, expect, it } from 'vitest'
import { ReadingBuilder } from '../../src/engine/analysis/reading.ts'
import type { SampleSeries } from '../../src/shared/model/sample.ts'

describe('a reading', () => {
  it('takes no worker for the host where the host was not looked at this time', () => {
    const builder = new ReadingBuilder('processes', 2)
    const series: SampleSeries[] = ['process.50.rss_bytes', 'process.40.rss_bytes']
    const add = (...values: readonly number[]) =>
      builder.add({ stream: 'processes', t_ms: 1, dt_ms: 100, series, values })
    add(Number.NaN, 7e7)
    expect(builder.take(null).hostRssBytes).toBeNull()
    add(5e7, Number.NaN)
    add(Number.NaN, 8e7)
    expect(builder.take(null).hostRssBytes).toBe(5e7)
  })
})
