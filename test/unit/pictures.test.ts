import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chartPng } from '../../src/engine/reports/chart-png.ts'
import { chartSvg, inlineSvg } from '../../src/engine/reports/svg/chart-svg.ts'
import { themeColours } from '../../src/engine/reports/svg/palette.ts'
import { shortened, textWidth } from '../../src/engine/reports/svg/text-width.ts'
import type { Chart, HeatChart, LineChart } from '../../src/shared/model/chart.ts'
import { projectRoot } from '../architecture/layers.ts'
import { exampleDots, exampleHeat, exampleLines } from '../support/example-charts.ts'
import { creationChart, speedUpChart, transportChart } from '../support/example-findings.ts'
import { programs } from '../support/programs.ts'
import { parseXml, textsOf } from '../support/xml.ts'

const charts: Readonly<Record<string, Chart>> = {
  'curves, logarithmic': transportChart,
  'curves with laws': speedUpChart,
  bars: creationChart,
  lines: exampleLines,
  dots: exampleDots,
  heat: exampleHeat,
}

const hostile = '</text><script>alert(1)</script> & "quotes" \u0000\ud800 \u202e'

describe('a chart as SVG', () => {
  it.each(Object.entries(charts))(
    'is well-formed, titled and of concrete colours: %s',
    (_, chart) => {
      const light = chartSvg(chart, 'light')
      const root = parseXml(light)
      expect(root.name).toBe('svg')
      expect(root.children.slice(0, 2).map(({ name }) => name)).toEqual(['title', 'desc'])
      expect(textsOf(root)).toContain(chart.title)
      expect(light).not.toMatch(/var\(|color-mix|NaN|undefined|Infinity/)
      expect(light).toBe(chartSvg(chart, 'light'))
      expect(chartSvg(chart, 'dark')).toContain(`fill="${themeColours.dark.surface}"`)
    },
  )

  it('says the figures: sums of bars, medians of dots, values of the axes', () => {
    const bars = textsOf(parseXml(chartSvg(creationChart, 'light')))
    expect(bars).toEqual(expect.arrayContaining(['23.6 ms', '≥ 143 ms', '50 ms', 'first message']))
    const dots = textsOf(parseXml(chartSvg(exampleDots, 'light')))
    expect(dots).toEqual(expect.arrayContaining(['801 tasks/s', '842 tasks/s', 'no trial']))
    const curves = textsOf(parseXml(chartSvg(transportChart, 'light')))
    expect(curves).toEqual(
      expect.arrayContaining(['256 B', '1 MiB', '100 µs', 'file overtakes pipe']),
    )
  })

  it('breaks a line where nothing was read, and shows what stands alone', () => {
    const { x, y } = exampleLines
    const line = { model: null, side: null, low: null, high: null, name: 'one' }
    const broken: LineChart = {
      ...exampleLines,
      lines: [{ ...line, x: [0, 1, 2, 3, 4], y: [1, 2, null, 3, null] }],
    }
    const path = /d="(M[^"]*)" stroke="#515b69" stroke-width="1.8"/.exec(chartSvg(broken, 'light'))
    expect(path?.[1]?.match(/M/g)).toHaveLength(2)
    expect(path?.[1]).toMatch(/M[\d. ]+h0$/)
    expect(() => parseXml(chartSvg({ ...exampleLines, x, y, lines: [] }, 'light'))).not.toThrow()
  })

  it('takes markup in names for text, and cuts what is too long, whole in its title', () => {
    const long = `${hostile}${'x'.repeat(10_000)}`
    const [bar] = creationChart.bars
    if (bar === undefined) throw new Error('no bar')
    const svg = chartSvg(
      { ...creationChart, title: hostile, bars: [{ ...bar, name: long }] },
      'dark',
    )
    const root = parseXml(svg)
    const names = (node: typeof root): string[] => [node.name, ...node.children.flatMap(names)]
    expect(names(root)).not.toContain('script')
    const texts = textsOf(root)
    expect(texts.some((text) => text.endsWith('x…') === false && text.length > 10_000)).toBe(true)
    expect(texts.some((text) => text.endsWith('…') && text.length < 80)).toBe(true)
  })

  it('is small, however many points and cores there are', () => {
    const count = 2000
    const x = Array.from({ length: count }, (_, at) => at * 1800)
    const lines: LineChart = {
      ...exampleLines,
      lines: Array.from({ length: 4 }, (_, side) => ({
        ...{ name: `line ${side}`, model: null, side: null, x },
        y: x.map((t) => Math.sin(t) + side),
        low: x.map((t) => Math.sin(t) + side - 1),
        high: x.map((t) => Math.sin(t) + side + 1),
      })),
    }
    expect(chartSvg(lines, 'light').length).toBeLessThan(400_000)
    const heat: HeatChart = {
      ...exampleHeat,
      ...{ slots: x, end: count * 1800 },
      rows: Array.from({ length: 64 }, (_, core) => ({
        name: `core ${core}`,
        shares: x.map((t) => Math.abs(Math.sin(t * (core + 1)))),
        ownShares: null,
      })),
    }
    expect(inlineSvg(heat).length).toBeLessThan(500_000)
  })

  it('has a colour for what nobody read that no core has, and one for others’ work', () => {
    const svg = chartSvg(exampleHeat, 'light')
    expect(svg).toContain(`fill="${themeColours.light.notRead}" shape-rendering`)
    // 70 % busy, of which next to nothing is the run's own: the grey between two of the ramp.
    expect(svg).toContain('fill="#abadb2" shape-rendering')
  })

  it('has the colours of the screen', () => {
    const tokens = readFileSync(join(projectRoot, 'src/renderer/design/tokens.css'), 'utf8')
    const [light = '', dark = ''] = tokens.split('prefers-color-scheme: dark')
    for (const [theme, css] of [
      ['light', light],
      ['dark', dark],
    ] as const) {
      const { surface, text, quiet, grid, notRead, models, heat, others } = themeColours[theme]
      const own = { surface, text, 'text-quiet': quiet, line: grid, sunken: notRead, ...models }
      for (const [name, colour] of Object.entries(own))
        expect(css).toContain(`--${name}: ${colour};`)
      for (const [step, colour] of heat.entries())
        expect(css).toContain(`--heat-${step}: ${colour};`)
      for (const [step, colour] of others.entries()) {
        expect(css).toContain(`--others-${step}: ${colour};`)
      }
    }
  })
})

describe('the width of a text', () => {
  it('is cut to fit, with an ellipsis where something is missing', () => {
    expect(shortened('threads × 4', 200, 12)).toBe('threads × 4')
    const cut = shortened('a very long name of a configuration', 80, 12)
    expect(cut).toMatch(/^a very.*…$/)
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(80)
  })
})

describe('a chart as PNG', () => {
  it('is twice as fine as it is drawn, with its words in it', async () => {
    const svg = chartSvg(exampleDots, 'light')
    const png = await chartPng(svg, programs.pictures)
    const view = new DataView(png.buffer, png.byteOffset)
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? []
    expect([...png.subarray(1, 4)]).toEqual([80, 78, 71])
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([
      2 * Number(width),
      2 * Number(height),
    ])
    // Without the words there is less to see: no font, no text.
    const wordless = await chartPng(svg.replace(/<text.*?<\/text>/g, ''), programs.pictures)
    expect(png.length).toBeGreaterThan(1.5 * wordless.length)
  })
})
