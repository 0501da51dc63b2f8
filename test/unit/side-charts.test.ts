import { describe, expect, it } from 'vitest'
import { dotLanes } from '../../src/renderer/charts/dot-lanes.ts'
import { stretches } from '../../src/renderer/charts/line-layers.ts'
import { hashOf, parseRoute } from '../../src/renderer/state/route.ts'
import { metricGroups, metricTitles } from '../../src/renderer/views/compare/metric-groups.ts'
import { axisMarks, withRoom } from '../../src/shared/drawing/axis-marks.ts'
import { placeEnds } from '../../src/shared/drawing/end-labels.ts'
import { looksOf, sideLetter, sideLooks } from '../../src/shared/drawing/series-look.ts'
import { pointAt, readingPlaces } from '../../src/shared/line-reading.ts'
import { metricKeys } from '../../src/shared/model/metric.ts'

describe('the look of sides', () => {
  it('is another one for each of as many sides of a model as can be compared', () => {
    const looks = sideLooks(Array.from({ length: 12 }, () => ({ model: 'threads' as const })))
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(12)
  })

  it('stays the same in a chart that has not all of them', () => {
    const sides = sideLooks(
      (['threads', 'threads', 'processes'] as const).map((model) => ({ model })),
    )
    const [second, third] = looksOf(
      [
        { model: 'threads', side: 1 },
        { model: 'processes', side: 2 },
      ],
      sides,
    )
    expect([second, third]).toEqual([sides[1], sides[2]])
    expect(second?.dash).not.toEqual(sides[0]?.dash)
    expect([0, 1, 11].map(sideLetter)).toEqual(['A', 'B', 'L'])
  })
})

describe('lines', () => {
  const line = { x: [0, 10, 20, 30], y: [1, null, 3, 4] }

  it('are read at the nearest of their points, and not where they have none', () => {
    expect([-20, -4, 4, 6, 24, 26, 36, 60].map((at) => pointAt(line, at))).toEqual([
      ...[null, 0, 0, null, 2, 3, 3, null],
    ])
    expect(pointAt({ x: [], y: [] }, 0)).toBeNull()
  })

  it('are read at each point, or evenly among very many', () => {
    expect(readingPlaces([line, { x: [5, 10] }])).toEqual([0, 5, 10, 20, 30])
    const many = readingPlaces([{ x: Array.from({ length: 5000 }, (_, at) => at - 999) }], 5)
    expect(many).toEqual([-999, 250.75, 1500.5, 2750.25, 4000])
  })

  it('are broken where nothing was read', () => {
    expect(stretches([null, 1, 2, null, 3, null])).toEqual([
      [1, 2],
      [4, 4],
    ])
    expect(stretches([1, 2])).toEqual([[0, 1]])
  })
})

describe('letters at the ends of lines', () => {
  const bounds = { top: 0, bottom: 200 }

  it('stay where they are while none covers another', () => {
    const ends = [
      { x: 100, y: 50 },
      { x: 100, y: 80 },
      { x: 160, y: 51 },
    ]
    expect(placeEnds(ends, bounds)).toEqual(ends)
  })

  it('move apart where lines end at one place, within the axes', () => {
    const placed = placeEnds(
      Array.from({ length: 12 }, () => ({ x: 100, y: 199 })),
      bounds,
    ).map(({ y }) => y)
    const sorted = placed.toSorted((a, b) => a - b)
    expect(sorted.slice(1).every((y, at) => y - (sorted[at] ?? 0) >= 14)).toBe(true)
    expect([Math.min(...placed) >= 0, Math.max(...placed)]).toEqual([true, 199])
  })

  it('stay near a line that ends beyond the axes, whatever else is written', () => {
    const placed = placeEnds(
      [
        { x: 100, y: 40 },
        { x: 104, y: bounds.bottom + 2 },
        { x: 160, y: bounds.bottom + 4 },
      ],
      bounds,
    )
    expect(placed.map(({ y }) => y)).toEqual([40, bounds.bottom, bounds.bottom])
  })
})

describe('dots of a distribution', () => {
  it('lie in the middle where they do not touch, and beside each other where they do', () => {
    expect(dotLanes([0, 20, 40], 8, 3)).toEqual([0, 0, 0])
    expect(dotLanes([10, 12, 11], 8, 3)).toEqual([0, -1, 1])
  })

  it('overlap the least where there is no room for more lanes', () => {
    const lanes = dotLanes([0, 1, 2, 3], 8, 1)
    expect(lanes).toEqual([0, 1, -1, 0])
  })

  it('have room around them, but none below nothing', () => {
    expect(withRoom([10, 110], 'linear')).toEqual([4, 116])
    expect(withRoom([1, 101], 'linear')).toEqual([0, 107])
    expect(withRoom([5, 5], 'linear')).toEqual([5, 5])
    const { min } = axisMarks(
      withRoom([800, 900], 'linear'),
      { scale: 'linear', quantity: 'number' },
      { isTight: true, most: 6 },
    )
    expect(min).toBe(794)
  })
})

describe('the address', () => {
  it('of a comparison says its sides, whole runs and configurations, and comes back from it', () => {
    const hash = '#/compare?sides=12,15:3&machines=across'
    const route = parseRoute(hash)
    expect(route).toEqual({
      view: 'compare',
      sides: [
        { run: 12, configuration: null },
        { run: 15, configuration: 3 },
      ],
      acrossMachines: true,
    })
    expect(hashOf(route)).toBe(hash)
  })

  it('of a trend says configuration and metric, and comes back from it', () => {
    const hash = '#/trend?side=12:3&metric=peak_pss_bytes'
    expect(hashOf(parseRoute(hash))).toBe(hash)
    expect(parseRoute('#/trend?side=12:3&metric=beauty')).toMatchObject({
      metric: 'throughput_per_s',
      acrossMachines: false,
    })
  })

  it('leaves out what is no side', () => {
    const sides = (text: string) => parseRoute(`#/compare?sides=${text}`)
    expect(sides('12,x,-3,4:,0,7:2')).toMatchObject({
      sides: [
        { run: 12, configuration: null },
        { run: 7, configuration: 2 },
      ],
    })
    expect(parseRoute('#/trend?side=12')).toEqual({ view: 'runs' })
  })
})

describe('the table of metrics', () => {
  it('has every metric once, each with a name', () => {
    const shown = metricGroups.flatMap(({ keys }) => keys)
    expect(shown.toSorted()).toEqual(metricKeys.toSorted())
    expect(new Set(Object.values(metricTitles)).size).toBe(metricKeys.length)
  })
})
