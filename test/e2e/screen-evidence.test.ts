import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { LiveRun } from '../../src/shared/live-run.ts'
import type { Model } from '../../src/shared/model/execution-model.ts'
import type { Trial } from '../../src/shared/model/run.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { exampleRun } from '../support/example-run.ts'
import { type Answers, type MadeUpLab, startMadeUpLab } from '../support/made-up-lab.ts'
import {
  madeUpComparison,
  madeUpConfiguration,
  madeUpCores,
  madeUpReading,
  madeUpRun,
  madeUpTrial,
} from '../support/made-up-run.ts'
import { madeUpScreens } from '../support/made-up-screens.ts'
import { coloursOf, complaintsOf, expectAccessible } from '../support/screen.ts'

const screens = madeUpScreens()

async function openAt(lab: MadeUpLab, hash = ''): Promise<Page> {
  return (await screens.openAt(lab, hash)).page
}

const madeUpLive = () =>
  new LiveRun(
    {
      ...{ runId: 1, plan: exampleRun.plan, trialsPlanned: 24, cores: madeUpCores },
      configurations: (['threads', 'processes'] as const).map(madeUpConfiguration),
    },
    512,
  )

/** A trial from its start to its end; the trial as it is kept is made up, and may be changed. */
function runTrial(
  lab: MadeUpLab,
  model: Model,
  { isLinux = true, change = {} }: { isLinux?: boolean; change?: Partial<Trial> } = {},
): void {
  const configuration = madeUpConfiguration(model)
  startTrial(lab, model, isLinux)
  const trial = { ...madeUpTrial(model, 0, isLinux), ...change }
  lab.tell({ type: 'trial-ended', trial, configuration })
}

function startTrial(lab: MadeUpLab, model: Model, isLinux = true): void {
  const configuration = madeUpConfiguration(model)
  lab.tell({ type: 'trial-started', ordinal: 1, index: 1, warmUp: false, configuration })
  lab.tell({ type: 'phase', name: 'work', t_ms: 300 })
  for (let t = 0; t <= 2300; t += 50) {
    lab.tell({ type: 'live', live: madeUpReading(model, t, isLinux) })
  }
}

/** The made-up run in the columns it is saved in. */
async function openSaved(isLinux = true): Promise<Page> {
  const timeline = new Timeline(madeUpCores, 4, 512)
  for (let t = 0; t <= 2300; t += 50) timeline.add(madeUpReading('processes', t, isLinux))
  const answers: Answers = {
    run: {
      ...{ ...madeUpRun(isLinux), comparison: madeUpComparison },
      ...{ findings: null, cores: madeUpCores },
    },
    timeline: { timeline: timeline.toData(), releasedMs: 300 },
  }
  const page = await openAt(await startMadeUpLab(null, madeUpCores, answers), '#/runs/3')
  await page.getByRole('combobox', { name: 'Trial of threads' }).waitFor()
  // What is read at the cursor comes with the samples, which are asked for when the run is there.
  const readings = page.locator('[data-read-out="throughput"]')
  await expect.poll(() => readings.allInnerTexts()).not.toContain('')
  return page
}

const heat = '.column[data-model="processes"] [data-canvas="cores"]'
const isGrey = (colour: string) => {
  const [red = 0, green = 0, blue = 0] = colour.split(',').map(Number)
  return Math.max(red, green, blue) - Math.min(red, green, blue) < 16
}

describe('the cores', () => {
  it('show whose work they do, by colour and in words, and the legend explains it', async () => {
    const page = await openSaved()
    await page.getByText('85–100 % busy, 86 % of it this run’s').first().waitFor()
    // The words may be there before the picture.
    let colours: string[] = []
    const has = async (isWanted: (colour: string) => boolean) => {
      colours = Object.keys(await coloursOf(page, heat))
      return colours.some(isWanted)
    }
    await expect.poll(() => has((each) => !isGrey(each))).toBe(true)
    expect(colours.some((each) => each !== '236,239,243' && isGrey(each))).toBe(true)
    expect(await page.locator('.heat-legend').first().innerText()).toMatch(
      /this run\s+other programs\s+0–100 % busy/,
    )
  })

  it('are purple alone, and the legend simple, where nobody knows whose work it is', async () => {
    const page = await openSaved(false)
    await page.getByText('85–100 % busy', { exact: true }).first().waitFor()
    let colours: string[] = []
    await expect
      .poll(async () => {
        colours = Object.keys(await coloursOf(page, heat))
        return colours.length
      })
      .toBeGreaterThan(0)
    expect(colours.filter(isGrey)).toEqual([])
    expect(await page.locator('.heat-legend').first().innerText()).toBe('0–100 % busy')
  })
})

describe('memory', () => {
  const panel = (page: Page) => page.getByRole('region', { name: 'Memory', exact: true })

  it('fills in with each trial that ends, by three measures', async () => {
    const lab = await startMadeUpLab(madeUpLive(), madeUpCores)
    runTrial(lab, 'threads')
    const page = await openAt(lab)
    await panel(page).getByRole('cell', { name: '85.0 MiB' }).waitFor()
    expect(await panel(page).getByText('after a trial of it').count()).toBe(6)
    runTrial(lab, 'processes')
    await panel(page).getByRole('cell', { name: '245 MiB' }).waitFor()
    const ratios = panel(page).getByRole('row', { name: /^processes ÷ threads/ })
    expect(await ratios.last().innerText()).toMatch(/5\.00×\s+1\.32×\s+1\.11×/)
    await panel(page)
      .getByText(/RSS says that a worker process takes 5.00× .* PSS says 1.32×/)
      .waitFor()
    const [threads, processes] = await Promise.all(
      ['threads', 'processes'].map((model) =>
        panel(page)
          .locator(`tr[data-model="${model}"] [data-measure="rss"] .memory-bar`)
          .last()
          .evaluate((bar) => bar.getBoundingClientRect().width),
      ),
    )
    expect(Number(processes) / Number(threads)).toBeCloseTo(5, 1)
  })

  it('says in words what is not available, and shows no 0 for it', async () => {
    const page = await openSaved(false)
    expect(await panel(page).getByText('not available here', { exact: true }).count()).toBe(8)
    const words = await panel(page).innerText()
    expect(words).toContain('PSS and USS are not available here; by RSS alone')
    expect(words).not.toMatch(/\s0(\.0+)? MiB/)
    const column = page.locator('.column[data-model="processes"]')
    expect(await column.locator('.utilization').innerText()).toContain('not available here')
    expect(await column.locator('[data-read-out="memory"]').allInnerTexts()).toEqual([
      ...['RSS 245 MiB · host 45.0 MiB', '', ''],
    ])
    expect(await column.getByRole('columnheader', { name: 'PSS' }).isVisible()).toBe(false)
  })

  it('is told by all three at the cursor', async () => {
    const page = await openSaved()
    const column = page.locator('.column[data-model="processes"]')
    expect(await column.locator('[data-read-out="memory"]').allInnerTexts()).toEqual([
      ...['RSS 245 MiB', 'PSS 80.0', 'USS 60.0'],
    ])
  })
})

describe('what sets two models apart', () => {
  it('has its verdict beside it, and p and delta for one who asks by keyboard', async () => {
    const page = await openSaved()
    const pair = page.getByRole('complementary', { name: 'processes compared with threads' })
    const words = (name: string) =>
      pair.locator('dl > div', { hasText: name }).locator('dd').innerText()
    expect(await words('Throughput')).toMatch(/1\.05×\s+95 %: 1\.03–1\.07\s+processes better/)
    expect(await words('Peak PSS')).toMatch(/1\.18×[\s\S]*threads better/)
    expect(await words('CPU / task')).toContain('no difference shown')
    expect(await words('Peak USS')).toContain('too few trials to say')
    expect(await words('Memory / worker')).toBe('no ratio')
    const more = pair.getByRole('button', { name: 'Show p and delta' })
    await more.focus()
    await page.keyboard.press('Enter')
    expect(await words('Throughput')).toContain('p = 0.008, delta = 0.92; higher is better')
    expect(await words('Spawn')).toContain('p < 0.001, delta = −1.00; lower is better')
    expect(await words('Peak USS')).toContain('not tested')
  })

  it('has no verdict while the run goes on, and says when there will be one', async () => {
    const lab = await startMadeUpLab(madeUpLive(), madeUpCores)
    runTrial(lab, 'threads')
    startTrial(lab, 'processes')
    const comparisons = madeUpComparison.comparisons.map((each) => ({
      ...each,
      ...{ verdict: null, ci95: null, p: null, cliffs_delta: null, trials: [1, 1] as const },
    }))
    lab.tell({ type: 'compared', comparison: { comparisons, sentences: [] } })
    const page = await openAt(lab)
    await page.getByText('medians of 1 trial so far; what they show is said at the end').waitFor()
    expect(await page.locator('.ratio').first().innerText()).toBe('1.05×')
    expect(await page.locator('.verdict-mark').count()).toBe(0)
  })
})

describe('what makes figures less sure', () => {
  it('is said from the start of a run on', async () => {
    const lab = await startMadeUpLab(madeUpLive(), madeUpCores)
    startTrial(lab, 'threads')
    const page = await openAt(lab)
    await page.getByText('· working').waitFor()
    lab.tell({ type: 'warned', warnings: [{ code: 'battery', message: 'it runs on battery' }] })
    await page
      .getByRole('region', { name: 'What makes the figures less sure' })
      .getByText('it runs on battery')
      .waitFor()
  })

  it('trials that do not count stand with their reason at their model, the next one running', async () => {
    const lab = await startMadeUpLab(madeUpLive(), madeUpCores)
    const page = await openAt(lab)
    runTrial(lab, 'threads', { change: { status: 'void', reason: '3 results were wrong' } })
    const told = page
      .getByRole('region', { name: 'Threads × 4', exact: true })
      .getByText('1 of 1 trial void: 3 results were wrong · kept, not compared')
    await told.waitFor()
    expect(await page.locator('.trial-problem').count()).toBe(1)
    startTrial(lab, 'threads')
    await page.getByText('· working').waitFor()
    expect(await told.isVisible()).toBe(true)
  })

  it('a trial far from the others is flagged where trials are chosen', async () => {
    const page = await openSaved()
    const choice = page.getByRole('combobox', { name: 'Trial of processes' })
    expect(await choice.locator('option').allInnerTexts()).toContain('trial 12 (outlier)')
    const note = page.getByText('This trial lies far from the others in: Throughput.')
    await note.waitFor()
    await choice.selectOption('trial 3')
    await note.waitFor({ state: 'hidden' })
    await page.getByText('2 of 12 trials void: 3 of 1680 results were wrong').waitFor()
  })

  it('panels of the same kind stay side by side where one column has more to say', async () => {
    const page = await openSaved()
    const tops = await page
      .locator('.panel[data-panel="cores"]')
      .evaluateAll((panels) => panels.map((each) => each.getBoundingClientRect().top))
    expect(tops[0]).toBe(tops[1])
  })
})

describe('the rest of the evidence', () => {
  it('utilisation is a bar with words, of the latest trial that has ended', async () => {
    const lab = await startMadeUpLab(madeUpLive(), madeUpCores)
    const page = await openAt(lab)
    startTrial(lab, 'threads')
    const bar = page.locator('.column[data-model="threads"] .utilization')
    await bar.getByText('after the first trial').waitFor()
    runTrial(lab, 'threads')
    startTrial(lab, 'threads')
    await bar.getByText('ideal 80 %').waitFor()
    expect(await bar.locator('.utilization-words').innerText()).toMatch(
      /idle 2.0 %\s+poor 5.0 %\s+ok 11 %\s+ideal 80 %\s+over 2.0 %/,
    )
  })

  it('what watching costs is told by part, by keyboard too, and Esc closes that and stops no run', async () => {
    const lab = await startMadeUpLab(madeUpLive(), madeUpCores, { stop: true })
    runTrial(lab, 'threads')
    startTrial(lab, 'processes')
    const page = await openAt(lab)
    const trigger = page.getByRole('button', { name: /watching costs 0.6 % of a core/ })
    await trigger.focus()
    await page.keyboard.press('Enter')
    const detail = page.getByRole('dialog', { name: 'What watching costs' })
    await expect
      .poll(() => detail.innerText())
      .toMatch(
        /Sampling[\s\S]*0.4 % of a core[\s\S]*Recording[\s\S]*Shell[\s\S]*0.200 ms[\s\S]*none/,
      )
    lab.tell({
      type: 'live',
      live: {
        ...madeUpReading('processes', 2400),
        observer: { total: 0.02, sampling: 0.013, recording: 0.0065, shell: 0.0005 },
      },
    })
    await detail.getByText('1.3 % of a core').waitFor()
    await page.keyboard.press('Escape')
    await detail.waitFor({ state: 'hidden' })
    expect(lab.asked.map(({ method }) => method)).not.toContain('stop')
    await page.keyboard.press('Escape')
    await expect.poll(() => lab.asked.map(({ method }) => method)).toContain('stop')
  })

  it('workers tell their core while they work, and at the end what the system counted', async () => {
    const lab = await startMadeUpLab(madeUpLive(), madeUpCores)
    startTrial(lab, 'processes')
    const page = await openAt(lab)
    const table = page.getByRole('region', { name: 'Workers, Processes' })
    await expect
      .poll(() => table.locator('tbody tr').first().innerText())
      .toMatch(/^0\s4000\sworking\s420\s94 %\s1\s50.0 MiB$/)
    expect(await table.getByRole('columnheader', { name: 'Switches' }).isVisible()).toBe(false)
    runTrial(lab, 'processes')
    await expect
      .poll(() => table.locator('tbody tr').last().innerText())
      .toMatch(/^3\s4003\s420\s94 %\s50.0 MiB\s12.0 MiB\s312\s3$/)
  })

  it('the sampler can be chosen in the form, and is in the plan that is started', async () => {
    const estimate = {
      ...{ plan: null, problems: [], time_ms: 1000, timeBasis: '', doesNotFit: null },
      ...{ memory_bytes: 1e8, available_bytes: 1e10 },
    }
    const lab = await startMadeUpLab(null, madeUpCores, { estimate })
    const page = await openAt(lab)
    await page.getByText('More: warm-ups').click()
    await page
      .getByRole('group', { name: 'Sampler' })
      .getByRole('button', { name: 'systeminformation' })
      .click()
    await page.getByRole('button', { name: 'Start the comparison' }).click()
    await expect
      .poll(() => lab.asked.findLast(({ method }) => method === 'start')?.parameters)
      .toMatchObject({ plan: { sampler: 'systeminformation' } })
  })

  it('a trial can be bounded in the form; memory that is left empty is left to the machine', async () => {
    const lab = await startMadeUpLab(null, madeUpCores)
    const page = await openAt(lab)
    const asked = (method: string) => lab.asked.findLast((each) => each.method === method)
    await page.getByText('More: warm-ups').click()
    await page.getByRole('textbox', { name: 'Timeout' }).fill('5')
    await expect
      .poll(() => asked('estimate')?.parameters)
      .toMatchObject({ plan: { timeout_s: 5, memory_mib: null } })
    await page.getByRole('textbox', { name: 'Most memory' }).fill('512')
    await expect
      .poll(() => asked('estimate')?.parameters)
      .toMatchObject({ plan: { timeout_s: 5, memory_mib: 512 } })
  })

  it('breaks no rule of accessibility or of the page’s policy, in either theme', async () => {
    const page = await openSaved()
    const complaints = complaintsOf(page)
    await page.reload()
    await page.getByRole('button', { name: 'Show p and delta' }).click()
    await expectAccessible(page)
    await page.getByRole('button', { name: /watching cost/ }).click()
    await page.getByRole('dialog').waitFor()
    await expectAccessible(page)
    const lab = await startMadeUpLab(madeUpLive(), madeUpCores)
    runTrial(lab, 'threads', { change: { status: 'void', reason: 'wrong' } })
    startTrial(lab, 'processes')
    lab.tell({ type: 'warned', warnings: [{ code: 'battery', message: 'it runs on battery' }] })
    const live = await openAt(lab)
    await live.getByText('· working').waitFor()
    await expectAccessible(live)
    expect(complaints).toEqual([])
  })
})
