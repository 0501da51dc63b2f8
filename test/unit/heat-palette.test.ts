import { describe, expect, it } from 'vitest'
import {
  coresReading,
  isAttributed,
  memoryReading,
} from '../../src/renderer/views/columns/read-outs.ts'
import { heatIndex, heatPalette, packed, type Rgb } from '../../src/shared/drawing/heat-palette.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { madeUpReading } from '../support/made-up-run.ts'

const idle: Rgb = [240, 240, 250]
const own: Rgb = [60, 20, 100]
const others: Rgb = [140, 140, 150]
const palette = heatPalette([idle, own], [idle, others])
const colour = (busy: number, ours: number) => palette[heatIndex(busy, ours)]

describe('the colour of a core', () => {
  it('goes from that of other programs’ work to that of the run’s own', () => {
    expect(colour(1, 1)).toBe(packed(own))
    expect(colour(1, 0)).toBe(packed(others))
    expect(colour(1, 0.5)).toBe(packed([100, 80, 125]))
    expect(colour(0.5, 0.5)).toBe(packed([150, 130, 175]))
    expect(colour(0.5, 0)).toBe(packed([190, 190, 200]))
  })

  it('is that of the busy fraction alone where nobody knows whose work it is', () => {
    for (const busy of [0, 0.01, 0.5, 1]) expect(colour(busy, Number.NaN)).toBe(colour(busy, busy))
  })

  it('is one of the palette for an idle core, and for more work of the run than the core did', () => {
    expect(colour(0, 0)).toBe(packed(idle))
    expect(colour(0.4, 0.6)).toBe(colour(0.4, 0.4))
    expect(heatIndex(1, 1)).toBe(palette.length - 1)
  })
})

describe('what the panels say in words', () => {
  const at = (t_ms: number, isLinux = true) => {
    const timeline = new Timeline(4, 4, 8)
    timeline.add(madeUpReading('processes', t_ms, isLinux))
    return timeline
  }

  it('is how busy the cores are, and how much of it is the run’s', () => {
    expect(coresReading(at(800), 0)).toBe('85–100 % busy, 86 % of it this run’s')
    expect(coresReading(at(1000), 0)).toBe('85–100 % busy, 71 % of it this run’s')
  })

  it('tells nothing of whose work it is where nobody knows, or where there is none', () => {
    expect(coresReading(at(800, false), 0)).toBe('85–100 % busy')
    expect(isAttributed(at(800, false), 0)).toBe(false)
    expect(isAttributed(at(800), 0)).toBe(true)
    const timeline = new Timeline(2, 1, 8)
    timeline.add({ ...madeUpReading('threads', 0), busy: [0, 0], workersBusy: [0, 0] })
    expect(coresReading(timeline, 0)).toBe('0 % busy')
  })

  it('is the memory by three measures, with the unit said once', () => {
    expect(memoryReading(at(800), 0, true)).toEqual({
      ...{ rss: 'RSS 245 MiB', pss: 'PSS 80.0', uss: 'USS 60.0' },
    })
    const large = at(800)
    large.treeRss[0] = 2 * 2 ** 30
    expect(memoryReading(large, 0, true)).toMatchObject({
      rss: 'RSS 2.00 GiB',
      pss: 'PSS 80.0 MiB',
    })
  })

  it('is the host’s part of the memory where there is no PSS', () => {
    expect(memoryReading(at(800, false), 0, true)).toEqual({
      ...{ rss: 'RSS 245 MiB · host 45.0 MiB', pss: '', uss: '' },
    })
    expect(memoryReading(at(800, false), 0, false).rss).toBe('RSS 245 MiB')
  })
})
