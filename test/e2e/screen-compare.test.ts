import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import type { Trend } from '../../src/shared/model/trend.ts'
import { exampleRun } from '../support/example-run.ts'
import {
  type ExampleSide,
  exampleRunComparison,
  exampleSides,
  exampleTrend,
} from '../support/example-run-comparison.ts'
import { type Answers, type MadeUpLab, startMadeUpLab } from '../support/made-up-lab.ts'
import { madeUpComparison, madeUpRun } from '../support/made-up-run.ts'
import { type MadeUpScreen, madeUpScreens } from '../support/made-up-screens.ts'
import { coloursOf, expectAccessible } from '../support/screen.ts'

const screens = madeUpScreens()

interface Opened extends MadeUpScreen {
  readonly lab: MadeUpLab
}

async function open(hash: string, answers: Answers): Promise<Opened> {
  const lab = await startMadeUpLab(null, 4, answers)
  return { lab, ...(await screens.openAt(lab, hash)) }
}

const address = '#/compare?sides=12:3,15:7,15:8,9:2'
type Asked = { readonly sides: readonly { readonly run: number; readonly configuration: number }[] }

/** Answers with those of the example's sides that are asked for, in that order. */
function comparing(all: readonly ExampleSide[] = exampleSides) {
  return ({ sides }: Asked) => {
    const wanted = sides.flatMap(
      (each) =>
        all.find(
          ({ run, configuration }) => run === each.run && configuration === each.configuration,
        ) ?? [],
    )
    return exampleRunComparison(wanted)
  }
}

const asked = (lab: MadeUpLab, method: string) =>
  lab.asked.filter((each) => each.method === method).map(({ parameters }) => parameters)
const table = (page: Page) => page.getByRole('region', { name: 'Metrics, as a table' })
const sides = (page: Page) => page.getByRole('list', { name: 'Sides' }).getByRole('listitem')

describe('a comparison of saved configurations', () => {
  it('says what the figures say, what differs, and what is not compared and why', async () => {
    const { page, complaints } = await open(address, { compare: comparing() })
    const words = page.getByRole('region', { name: 'What the figures say' })
    await words.getByText('finishes 1.12 times as many tasks').waitFor()
    expect(await words.getByRole('list', { name: 'Not compared' }).innerText()).toMatch(
      /D\s+and\s+÷ A are not compared:[\s\S]*not of one class[\s\S]*200 tasks there/,
    )
    const differs = page.getByRole('region', { name: 'What differs, as a table' })
    expect(await differs.getByRole('row', { name: /^governor/ }).innerText()).toMatch(
      /performance\s+powersave\s+powersave\s+not known/,
    )
    // A figure that differs stands out, one that is as on the reference does not.
    const node = differs.getByRole('row', { name: /^Node/ }).getByRole('cell')
    const isOther = await node.evaluateAll((cells) =>
      cells.map((cell) => (cell as HTMLElement).dataset.other),
    )
    expect(isOther).toEqual(['false', 'true', 'true', 'false'])
    await page.getByText('14 % of the cores were busy').waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })

  it('has each figure of a pair with ratio, interval, p and verdict, main ones first', async () => {
    const { page } = await open(address, { compare: comparing() })
    await table(page).waitFor()
    const row = async (name: string) => {
      const cells = table(page).getByRole('row', { name: new RegExp(`^${name}`) })
      return (await cells.locator('td').allTextContents()).join(' | ')
    }
    expect(await row('Throughput')).toMatch(/1\.12× \(1\.10 to 1\.14\)p = 0\.0004 B better/)
    expect(await row('Peak PSS')).toMatch(/2\.10×.*p = 0\.0004 A better/)
    expect(
      await table(page)
        .getByRole('row', { name: /^Imbalance/ })
        .count(),
    ).toBe(0)
    await page.getByLabel('Pairs that are shown').selectOption('C ÷ A')
    await page.getByRole('button', { name: /^Show all 18 metrics/ }).click()
    expect(await row('Peak PSS')).toBe(
      '97.3 MiB | 204 MiB | 2.10× | 2.07 to 2.13 | 0.0004 | A better',
    )
    expect(await row('Imbalance')).toMatch(/1\.00× \| 0\.98 to 1\.02 \| 0\.41 \| –$/)
  })

  it('is changed side by side, each change an address that back undoes', async () => {
    const { page, lab } = await open(address, { compare: comparing() })
    await page.getByRole('button', { name: 'Make C the reference' }).click()
    await page.waitForURL(/sides=15:8,12:3,15:7,9:2/)
    await sides(page).first().getByText('run 15, processes × 4').waitFor()
    await page.getByRole('button', { name: 'Remove D' }).click()
    await page.waitForURL(/sides=15:8,12:3,15:7$/)
    await page.getByText('not of one class').waitFor({ state: 'detached' })
    expect(await sides(page).count()).toBe(3)
    await page.goBack()
    await expect.poll(() => sides(page).count()).toBe(4)
    await page.getByRole('checkbox', { name: 'Machines are what is compared' }).click()
    await page.waitForURL(/machines=across/)
    await expect.poll(() => asked(lab, 'compare').at(-1)).toMatchObject({ across_machines: true })
    await page.reload()
    await expect.poll(() => sides(page).count()).toBe(4)
    expect(
      await page.getByRole('checkbox', { name: 'Machines are what is compared' }).isChecked(),
    ).toBe(true)
  })

  it('keeps the keyboard among the sides where one is removed', async () => {
    const { page } = await open(address, { compare: comparing() })
    await page.getByRole('button', { name: 'Remove B' }).press('Enter')
    await expect.poll(() => sides(page).count()).toBe(3)
    const focused = page.locator(':focus')
    await expect.poll(() => focused.getAttribute('aria-label')).toBe('Remove B')
  })

  it('gains sides that are searched for, whole runs and configurations, without the mouse', async () => {
    const { page, lab } = await open('#/compare?sides=12:3', {
      compare: () => exampleRunComparison(),
      runs: { total: 1, runs: [{ ...exampleRun, id: 30, label: 'nightly' }] },
      run: { ...madeUpRun(true), comparison: madeUpComparison, findings: null, cores: 4 },
    })
    // One side alone is asked of nobody.
    await page.getByText('What is it to be compared with?').waitFor()
    expect(asked(lab, 'compare')).toEqual([])
    await page.getByRole('main').getByRole('button', { name: 'Add a side' }).last().press('Enter')
    const dialog = page.getByRole('dialog', { name: 'What is to be compared?' })
    await dialog.getByRole('searchbox').fill('night')
    await expect.poll(() => asked(lab, 'runs').at(-1)).toMatchObject({ search: 'night' })
    await dialog.getByRole('button', { name: 'Configurations of run 30' }).press('Enter')
    await dialog.getByRole('checkbox', { name: /^processes × 4/ }).press('Space')
    await dialog.getByRole('checkbox', { name: /nightly/ }).press('Space')
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Compare' }).press('Enter')
    await page.waitForURL(/sides=12:3,30:3,30$/)
  })

  it('is drawn from the release on: a line for each side, told apart, read by keyboard', async () => {
    const { page } = await open(address, { compare: comparing() })
    const cores = page.locator('[data-name="overlay-cores"]')
    await cores.locator('canvas').waitFor()
    // Threads of one run and of another, in two shades, and processes.
    await expect
      .poll(async () => Object.keys(await coloursOf(page, '[data-name="overlay-cores"] canvas')))
      .toEqual(expect.arrayContaining(['11,108,180', '192,77,22', '16,74,119']))
    expect(await cores.getByRole('list', { name: 'Legend' }).innerText()).toMatch(
      /A: run 12[\s\S]*B: run 15[\s\S]*C: run 15/,
    )
    const slider = cores.getByRole('slider')
    await slider.focus()
    await page.keyboard.press('End')
    await expect
      .poll(() => slider.getAttribute('aria-valuetext'))
      .toMatch(/release of the barrier 3\.28 s: C: run 15, processes × 4 \S+ cores/)
    await page.keyboard.press('Home')
    for (let at = 0; at < 60; at++) await page.keyboard.press('ArrowRight')
    await expect.poll(() => cores.locator('.figure-tip tr').count()).toBe(3)
  })

  it('has the trials of the throughput at once, of other metrics where they are asked for', async () => {
    const { page } = await open(address, { compare: comparing() })
    const figures = page.locator('.figure[data-kind="dots"]')
    await figures.first().waitFor()
    expect(await figures.getByRole('heading').allInnerTexts()).toEqual(['Throughput of each trial'])
    await page.getByRole('button', { name: 'Peak PSS' }).click()
    await expect.poll(() => figures.count()).toBe(2)
    await figures.first().getByRole('slider').focus()
    await expect
      .poll(() => figures.first().getByRole('slider').getAttribute('aria-valuetext'))
      .toMatch(/^A: run 12.*median 812 tasks\/s \(804 to 818\); trials 9.*far from the others 1/)
  })

  it('bears twelve sides of 2,000 points, and names of any length and script', async () => {
    const name = `مقارنة 🚀 <b>"x"</b> =1+1 ${'long '.repeat(2000)}`
    const many = Array.from({ length: 12 }, (_, at): ExampleSide => {
      const [first] = exampleSides as readonly [ExampleSide]
      return { ...first, run: 20 + at, label: at === 1 ? name : '', speed: 1 + at / 20 }
    })
    const { page, complaints } = await open(address, {
      compare: () => {
        const made = exampleRunComparison(many, 2000)
        return {
          ...made,
          sides: made.sides.map((each, at) => (at === 1 ? { ...each, name } : each)),
          charts: made.charts.map((each) =>
            JSON.parse(
              JSON.stringify(each).replaceAll(
                'B: run 21, threads × 4',
                `B: ${JSON.stringify(name).slice(1, -1)}`,
              ),
            ),
          ),
        }
      },
    })
    await page.locator('[data-name="overlay-cores"] canvas').waitFor()
    for (const width of [900, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 })
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
        .toBe(0)
    }
    const side = await sides(page).nth(1).boundingBox()
    expect(side?.height).toBeLessThan(140)
    const legend = page.locator('[data-name="overlay-cores"] .figure-legend')
    expect((await legend.boundingBox())?.height).toBeLessThan(260)
    expect(await page.getByRole('button', { name: 'Add a side' }).isDisabled()).toBe(true)
    expect(complaints).toEqual([])
  })

  it('is exported as it is asked for', async () => {
    const { page, lab } = await open(`${address}&machines=across`, {
      compare: comparing(),
      export: { kind: 'cancelled' },
    })
    await page.getByRole('button', { name: 'Export this comparison' }).click()
    await page.getByRole('menuitem', { name: 'Comparison, as CSV' }).click()
    await expect.poll(() => asked(lab, 'export')).toHaveLength(1)
    expect(asked(lab, 'export')[0]).toMatchObject({
      of: { sides: [{ run: 12, configuration: 3 }, {}, {}, {}], across_machines: true },
      form: 'comparison.csv',
    })
  })

  it('is reached from a saved run, from a configuration of it, and from between its columns', async () => {
    const { page } = await open('#/runs/3', {
      compare: () => exampleRunComparison(),
      trend: exampleTrend(),
      runs: { total: 1, runs: [{ ...exampleRun, id: 30, label: 'nightly' }] },
      run: { ...madeUpRun(true), comparison: madeUpComparison, findings: null, cores: 4 },
    })
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Compare with…' }).click()
    await dialog.getByRole('checkbox', { name: /nightly/ }).click()
    await dialog.getByRole('button', { name: 'Compare' }).click()
    await page.waitForURL(/sides=3,30$/)
    await page.goBack()
    await page.getByRole('button', { name: 'More of processes × 4' }).click()
    await page.getByRole('menuitem', { name: 'Compare with…' }).click()
    await dialog.getByRole('checkbox', { name: /nightly/ }).click()
    await dialog.getByRole('button', { name: 'Compare' }).click()
    await page.waitForURL(/sides=3:3,30$/)
    await page.goBack()
    await page.getByRole('link', { name: 'Compare in full' }).click()
    await page.waitForURL(/sides=3:2,3:3$/)
    await page.goBack()
    await page.getByRole('button', { name: 'More of threads × 4' }).click()
    await page.getByRole('menuitem', { name: 'Trend over the saved runs' }).click()
    await page.waitForURL(/#\/trend\?side=3:2&metric=throughput_per_s$/)
  })
})

describe('a trend', () => {
  const runs = (page: Page) => page.getByRole('region', { name: 'Runs of the trend, as a table' })

  it('has a point for each run, held against the baseline, and says what is left out', async () => {
    const { page, complaints } = await open('#/trend?side=4:14', { trend: () => exampleTrend() })
    await page.getByRole('heading', { name: /^threads × 4 over time/ }).waitFor()
    expect(await runs(page).getByRole('row').count()).toBe(9)
    expect(
      await runs(page)
        .getByRole('row', { name: /^7 nightly/ })
        .innerText(),
    ).toMatch(/903 tasks\/s \(889 to 914\)\s+1\.12× \(1\.10 to 1\.14\)\s+0\.0004\s+better/)
    expect(
      await runs(page)
        .getByRole('row', { name: /^3 nightly/ })
        .innerText(),
    ).toContain('baseline')
    await page.getByText('1 run of the workload is left out').click()
    await page.getByText('the machine is not of the same class').waitFor()
    await page.getByText('the axis does not begin at 0').waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })

  it('has another run made its baseline', async () => {
    let trend: Trend = exampleTrend(8, null)
    const { page, lab } = await open('#/trend?side=4:14', {
      trend: () => trend,
      setBaseline: exampleRun,
    })
    await page.getByText('no run of primes is marked as its baseline').waitFor()
    trend = exampleTrend(8, 5)
    await page.getByRole('button', { name: 'Make run 5 the baseline' }).click()
    await expect.poll(() => asked(lab, 'setBaseline')).toEqual([{ id: 5, isBaseline: true }])
  })

  it('is of the metric and the machines that are chosen, in the address', async () => {
    const { page, lab } = await open('#/trend?side=4:14', { trend: () => exampleTrend() })
    await page.getByRole('combobox', { name: 'Metric' }).selectOption('Peak PSS')
    await page.waitForURL(/metric=peak_pss_bytes$/)
    await page.getByRole('checkbox', { name: 'Of all machines' }).click()
    await page.waitForURL(/metric=peak_pss_bytes&machines=across$/)
    await expect
      .poll(() => asked(lab, 'trend').at(-1))
      .toEqual({
        ...{ run: 4, configuration: 14, metric: 'peak_pss_bytes', across_machines: true },
      })
    await page.getByRole('link', { name: 'Compare run 8 with the baseline' }).click()
    await page.waitForURL(/#\/compare\?sides=3:13,8:18&machines=across$/)
  })
})
