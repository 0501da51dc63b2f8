import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Lab } from '../../src/engine/lab.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { launchChromium } from '../support/chromium.ts'
import { startMadeUpLab } from '../support/made-up-lab.ts'
import { madeUpComparison, madeUpCores, madeUpReading, madeUpRun } from '../support/made-up-run.ts'
import { programs } from '../support/programs.ts'
import { scratchFolder } from '../support/scratch.ts'
import { complaintsOf, expectAccessible, runQuickly, screens } from '../support/screen.ts'

const scratch = scratchFolder()
const { openScreen } = screens((name) => scratch.path(name))
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const label = `<img src=x onerror="document.title='marked'"> | \`עברית\` ${'long '.repeat(300)}`
const notes = '<script>document.title = "marked"</script>\n# no heading'

describe('the report of a run', () => {
  it('opened offline shows the figures of its view, in both themes and on paper, and takes markup for text', async () => {
    const { page } = await openScreen('shown')
    await runQuickly(page)
    const lab = new Lab({ databasePath: scratch.path('shown.db'), programs, version: '0' })
    await lab.library.edit(1, { label, notes })
    const report = await text(
      await lab.exchange.export({ of: { run: 1 }, form: 'report.html', theme: 'light' }),
    )
    await lab.close()
    const path = scratch.path('report.html')
    writeFileSync(path, report)

    await page.goto(`${new URL(page.url()).origin}/#/runs/1`)
    // The run that has just ended looks much the same.
    await page.getByRole('button', { name: 'Run again…' }).waitFor()
    const shown = await differencesIn(page)
    expect(shown.length).toBeGreaterThan(2)
    const memory = (await page.locator('.memory').innerText()).replaceAll('\u00a0', ' ')

    const context = await browser.newContext({
      offline: true,
      viewport: { width: 390, height: 844 },
    })
    const opened = await context.newPage()
    const complaints = complaintsOf(opened)
    const asked: string[] = []
    opened.on('request', (request) => asked.push(request.url()))
    await opened.goto(pathToFileURL(path).href)

    expect(await reportedDifferences(opened)).toEqual(shown)
    for (const name of ['Peak RSS', 'Peak PSS']) {
      const figures = await reportedMedians(opened, name)
      expect(figures).toHaveLength(2)
      for (const figure of figures) expect(memory).toContain(figure)
    }
    expect(await opened.locator('h1').innerText()).toBe(label.trim())
    expect(await opened.locator('.prose').innerText()).toBe(notes)
    expect(await opened.locator('img, script, iframe, object').count()).toBe(0)
    expect(await opened.title()).not.toBe('marked')
    // On a phone nothing but what has a frame of its own is wider than the screen.
    expect(await opened.evaluate(() => document.documentElement.scrollWidth)).toBe(390)

    const backgrounds = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await opened.emulateMedia({ colorScheme })
      backgrounds.push(await colourOfPage(opened))
    }
    await opened.emulateMedia({ colorScheme: 'dark', media: 'print' })
    expect(await lineColour(opened)).toBe('rgb(11, 108, 180)')
    expect(new Set(backgrounds).size).toBe(2)
    expect((await opened.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
    await opened.emulateMedia({ media: 'screen' })
    await expectAccessible(opened)
    expect(complaints).toEqual([])
    expect(asked).toEqual([pathToFileURL(path).href])
  })
})

describe('the menu of a chart', () => {
  it('saves the chart of the panel it stands at, in the theme that is on', async () => {
    const timeline = new Timeline(madeUpCores, 4, 512)
    for (let t = 0; t <= 2300; t += 50) timeline.add(madeUpReading('processes', t))
    const saved = { ...madeUpRun(), comparison: madeUpComparison, findings: null, cores: 4 }
    const lab = await startMadeUpLab(null, madeUpCores, {
      run: saved,
      timeline: { timeline: timeline.toData(), releasedMs: 300 },
      export: { kind: 'cancelled' },
    })
    const context = await browser.newContext({ colorScheme: 'dark' })
    const page = await context.newPage()
    await page.goto(`${lab.url}#/runs/3`)
    const exported = () => lab.asked.filter(({ method }) => method === 'export')
    for (const [panel, form] of [
      ['Cores, Processes', 'PNG'],
      ['Busy cores, Threads', 'SVG'],
    ]) {
      await page.getByRole('button', { name: `Save the chart: ${panel}` }).click()
      await page.getByRole('menuitem', { name: `Save as ${form}` }).click()
    }
    await expect.poll(() => exported().length).toBe(2)
    const theme = 'dark'
    expect(exported().map(({ parameters }) => parameters)).toEqual([
      { of: { run: 3 }, form: 'chart.png', chart: 'cores-processes-4', theme },
      { of: { run: 3 }, form: 'chart.svg', chart: 'busy-cores', theme },
    ])
    // What is meant for the menu is no drag across the plot below it.
    expect(await page.locator('[data-overlay="selection"]:visible').count()).toBe(0)
    lab.close()
    await context.close()
  })
})

/** Name, ratio and interval of each figure between the columns of a saved run. */
function differencesIn(page: Page): Promise<string[][]> {
  return page
    .locator('.differences dl > div[data-known="true"]')
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.querySelector('dt')?.textContent ?? '',
        row.querySelector('.ratio')?.textContent ?? '',
        row.querySelector('.interval')?.textContent?.replace('95 %: ', '') ?? '–',
      ]),
    )
}

function reportedDifferences(page: Page): Promise<string[][]> {
  return page
    .locator('section:has(h2:text-is("Differences")) tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].slice(0, 3).map((cell) => cell.textContent ?? '')),
    )
}

/** The medians of a figure, without what stands below them. */
function reportedMedians(page: Page, name: string): Promise<string[]> {
  return page
    .locator('section:has(h2:text-is("Figures")) tbody tr', {
      has: page.getByRole('rowheader', { name, exact: true }),
    })
    .locator('td')
    .evaluateAll((cells) => cells.map((cell) => cell.firstChild?.textContent ?? ''))
}

function colourOfPage(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor)
}

/** Of the threads' line of busy cores. */
function lineColour(page: Page): Promise<string> {
  return page
    .locator('[data-chart="busy-cores"] path[stroke*="threads"]')
    .first()
    .evaluate((path) => getComputedStyle(path).stroke)
}
