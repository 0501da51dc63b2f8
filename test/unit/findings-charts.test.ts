import { describe, expect, it } from 'vitest'
import { barTotal, chartFigures } from '../../src/shared/chart-figures.ts'
import { axisMarks } from '../../src/shared/drawing/axis-marks.ts'
import { placeLabels } from '../../src/shared/drawing/mark-labels.ts'
import { seriesLooks } from '../../src/shared/drawing/series-look.ts'
import { formatMark, formatQuantity, formatWithInterval } from '../../src/shared/quantity.ts'
import { creationChart, speedUpChart, transportChart } from '../support/example-findings.ts'

const bytes = { quantity: 'bytes', unit: '' } as const
const ms = { quantity: 'milliseconds', unit: '' } as const
const plain = { quantity: 'number', unit: 'tasks/s' } as const

describe('values of an axis', () => {
  it('are written in the unit of their size', () => {
    const written = [16, 1024, 1536, 1_048_570, 64 * 2 ** 20].map((each) =>
      formatQuantity(each, bytes),
    )
    expect(written).toEqual(['16 B', '1 KiB', '1.50 KiB', '1.00 MiB', '64 MiB'])
    const times = [0, 0.000_25, 0.0123, 0.9999, 4.5, 12_000].map((each) => formatQuantity(each, ms))
    expect(times).toEqual(['0 ms', '250 ns', '12.3 µs', '1.00 ms', '4.50 ms', '12.0 s'])
  })

  it('are never written as nothing where they are something', () => {
    expect(formatQuantity(0.000_04, plain)).toBe('0.000040 tasks/s')
    expect(formatQuantity(-3, plain)).toBe('−3 tasks/s')
    expect(formatQuantity(37, { quantity: 'percent', unit: '' })).toBe('37 %')
  })

  it('have their unit once with an interval, unless its ends have others', () => {
    expect(formatWithInterval(0.012, [0.0113, 0.0126], ms)).toBe('12.0 µs (11.3 to 12.6)')
    expect(formatWithInterval(1, [0.9, 1.1], ms)).toBe('1.00 ms (900 µs to 1.10 ms)')
    expect(formatWithInterval(2, [1, 3], { quantity: 'number', unit: '×' })).toBe('2× (1 to 3)')
  })
})

describe('the marks of an axis', () => {
  const logarithmic = (quantity: 'bytes' | 'milliseconds' | 'number') =>
    ({ scale: 'logarithmic', quantity }) as const
  const texts = (marks: readonly number[], measure: typeof bytes | typeof ms) =>
    marks.map((each) => formatMark(each, measure))

  it('stand at powers that are read at a glance', () => {
    const sizes = axisMarks([16, 2 ** 26], logarithmic('bytes'), { isTight: true, most: 7 })
    expect(texts(sizes.marks, bytes)).toEqual([
      '16 B',
      '256 B',
      '4 KiB',
      '64 KiB',
      '1 MiB',
      '16 MiB',
    ])
    expect([sizes.min, sizes.max]).toEqual([16, 2 ** 26])
    const times = axisMarks([0.004, 704], logarithmic('milliseconds'), { isTight: false, most: 8 })
    expect(texts(times.marks, ms)).toEqual([
      ...['1 µs', '10 µs', '100 µs', '1 ms', '10 ms', '100 ms', '1 s'],
    ])
  })

  it('are told apart within an order of magnitude as well', () => {
    const { marks } = axisMarks([0.3, 0.9], logarithmic('number'), { isTight: false, most: 6 })
    expect(marks).toEqual([0.2, 0.5, 1])
  })

  it('begin a length at nothing, and are no more than there is room for', () => {
    const axis = { scale: 'linear', quantity: 'number' } as const
    const found = axisMarks([3, 9.2], axis, { isTight: false, most: 6 })
    expect(found).toEqual({ min: 0, max: 10, marks: [0, 2, 4, 6, 8, 10] })
    const memory = { scale: 'linear', quantity: 'bytes' } as const
    const of = axisMarks([300 * 2 ** 20], memory, { isTight: false, most: 6 })
    expect(texts(of.marks, bytes)).toEqual([
      ...['0 B', '64 MiB', '128 MiB', '192 MiB', '256 MiB', '320 MiB'],
    ])
  })

  it('are there for a single value, for none, and for what a logarithm has no place for', () => {
    for (const scale of ['linear', 'logarithmic'] as const) {
      for (const values of [[], [0], [5], [Number.NaN], [-2, 0]]) {
        for (const isTight of [true, false]) {
          const { min, max, marks } = axisMarks(
            values,
            { scale, quantity: 'number' },
            { isTight, most: 5 },
          )
          expect(min).toBeLessThan(max)
          expect(marks.length).toBeGreaterThan(0)
          if (scale === 'logarithmic') expect(min).toBeGreaterThan(0)
        }
      }
    }
  })
})

describe('the names of marked places', () => {
  it('touch no other, and stay within the ends', () => {
    const labels = [
      { at: 98, width: 60 },
      { at: 40, width: 60 },
      { at: 45, width: 60 },
      { at: 2, width: 20 },
    ]
    const placed = placeLabels(labels, { from: 0, to: 100 })
    const spans = placed.map(({ left, row }, at) => ({
      ...{ row, left, right: left + (labels[at]?.width ?? 0) },
    }))
    for (const [at, a] of spans.entries()) {
      expect(a.left).toBeGreaterThanOrEqual(0)
      expect(a.right).toBeLessThanOrEqual(100)
      for (const b of spans.slice(at + 1)) {
        if (a.row === b.row) expect(a.right < b.left || b.right < a.left).toBe(true)
      }
    }
    expect(placeLabels(labels.slice(1, 2), { from: 0, to: 100 })).toEqual([{ left: 10, row: 0 }])
  })
})

describe('the looks of series', () => {
  it('are told apart without colour, those of one model too', () => {
    const looks = seriesLooks(transportChart.series)
    const ofProcesses = looks.filter(({ model }) => model === 'processes')
    expect(new Set(ofProcesses.map(({ dash }) => String(dash))).size).toBe(4)
    expect(new Set(ofProcesses.map(({ shape }) => shape)).size).toBe(4)
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(7)
  })

  it('are those of a reference where nothing was measured: dashed, without points', () => {
    const looks = seriesLooks(speedUpChart.series)
    expect(looks.map(({ shape }) => shape === null)).toEqual([false, true, false, true, true])
    expect(looks[1]?.dash.length).toBeGreaterThan(0)
  })
})

describe('the figures of a chart', () => {
  it('are those that were measured, and of a reference what it says there', () => {
    const { columns, rows, marks } = chartFigures(speedUpChart)
    expect(columns.slice(0, 3)).toEqual(['Workers', 'threads', 'threads, fitted law'])
    expect(rows.map(([name]) => name)).toEqual(['1', '2', '3', '4', '6', '8', '12', '16'])
    expect(rows[1]).toEqual([
      '2',
      '1.93× (1.84 to 2.01)',
      '1.93×',
      '1.90× (1.82 to 1.99)',
      '1.90×',
      '–',
    ])
    expect(marks).toContain('cores: 8 (at 8)')
  })

  it('have no sum where a part was not measured', () => {
    const { columns, rows } = chartFigures(creationChart)
    expect(columns.at(-1)).toBe('together')
    expect(rows[0]?.at(-1)).toBe('23.6 ms')
    expect(rows[5]?.slice(-2)).toEqual(['–', '–'])
    expect(barTotal([1, null])).toBeNull()
  })
})
