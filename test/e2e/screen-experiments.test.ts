import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { LiveRun } from '../../src/shared/live-run.ts'
import type { ExperimentDescription } from '../../src/shared/model/experiment.ts'
import { cell, type Findings } from '../../src/shared/model/findings.ts'
import type { Configuration } from '../../src/shared/model/run.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import {
  creationFindings,
  failureFindings,
  lockFindings,
  scalingFindings,
  transportFindings,
} from '../support/example-findings.ts'
import { exampleRun } from '../support/example-run.ts'
import {
  type Answers,
  type MadeUpLab,
  madeUpDescription,
  startMadeUpLab,
} from '../support/made-up-lab.ts'
import {
  madeUpComparison,
  madeUpConfiguration,
  madeUpCores,
  madeUpReading,
  madeUpRun,
  madeUpTrial,
} from '../support/made-up-run.ts'
import { madeUpScreens } from '../support/made-up-screens.ts'
import { coloursOf, expectAccessible } from '../support/screen.ts'

const screens = madeUpScreens()

const transports: ExperimentDescription = {
  name: 'transports',
  title: 'Messages',
  question: 'What does it cost to tell another worker something?',
  lookFor: 'Where the curves cross: below that the fixed cost counts, above it the size.',
  plan: { repeat: 5 },
  workers: 'cores',
  trialMs: 500,
  probe: {
    name: 'transports',
    kind: 'io',
    description: 'messages there and back',
    parameters: {
      rounds: {
        description: 'messages of each payload',
        unit: 'messages',
        minimum: 1,
        maximum: 1_000_000,
        default: 1000,
        whole: true,
      },
    },
  },
}
const sweep: ExperimentDescription = {
  ...transports,
  ...{ name: 'sweep', title: 'More workers', question: 'How far do more of them help?' },
  probe: null,
}
const experiments = [sweep, transports]
const estimate = {
  ...{ plan: null, problems: [], time_ms: 48_000, timeBasis: '', doesNotFit: null },
  ...{ memory_bytes: 1e8, available_bytes: 1e10 },
}
const { run, summaries } = madeUpRun()
const planOf = (experiment: string) => ({ ...run.plan, experiment })

function savedOf(experiment: string, findings: Findings) {
  const trials = run.trials.map((trial) => ({
    ...trial,
    observations: { round_trip_ms: 0.012 },
  }))
  const ofExperiment = { ...run, plan: planOf(experiment), trials }
  return {
    run: ofExperiment,
    summaries,
    comparison: madeUpComparison,
    findings,
    cores: madeUpCores,
  }
}

async function openAt(hash: string, answers: Answers = {}, live: LiveRun | null = null) {
  const timeline = new Timeline(madeUpCores, 4, 512)
  for (let t = 0; t <= 2300; t += 50) timeline.add(madeUpReading('processes', t))
  const lab = await startMadeUpLab(live, madeUpCores, {
    describe: { ...madeUpDescription, cores: madeUpCores, usableCores: madeUpCores, experiments },
    estimate,
    timeline: { timeline: timeline.toData(), releasedMs: 300 },
    run: savedOf('transports', transportFindings),
    runs: ({ experiment }: { experiment?: string }) =>
      experiment === 'sweep' ? { total: 0, runs: [] } : { total: 1, runs: [run] },
    ...answers,
  })
  return { lab, ...(await screens.openAt(lab, hash)) }
}

const openFindings = (findings: Findings, experiment = 'transports') =>
  openAt('#/runs/3', { run: savedOf(experiment, findings) })

describe('the list of experiments', () => {
  it('says of each what it asks, how long it takes, and what it found here last', async () => {
    const { page, complaints } = await openAt('#/experiments')
    const card = page.getByRole('article', { name: 'Messages' })
    await card.getByText('about 48 s').waitFor()
    await card.getByText('Up to 8 KiB a shared buffer').waitFor()
    await page
      .getByRole('article', { name: 'More workers' })
      .getByText('Not run on this machine yet.')
      .waitFor()
    await expectAccessible(page)
    await card.getByRole('link', { name: 'run 3' }).click()
    await page.getByRole('region', { name: 'What was found' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('runs one with its own plan, and shows that', async () => {
    const { page, lab } = await openAt('#/experiments')
    await page.getByRole('button', { name: 'Run: Messages' }).click()
    await expect
      .poll(() => lab.asked.findLast(({ method }) => method === 'start')?.parameters)
      .toEqual({ plan: { experiment: 'transports', repeat: 5 }, force: false })
    await expect.poll(() => page.url()).toMatch(/#\/lab$/)
  })

  it('starts none while a run goes on, and says why', async () => {
    const { page } = await openAt('#/experiments', {}, liveRun('transports'))
    await page.getByText('A run is going on, and one at a time is measured.').waitFor()
    for (const name of ['Run: Messages', 'Change its plan first: More workers']) {
      expect(await page.getByRole('button', { name }).isDisabled()).toBe(true)
    }
    await expectAccessible(page)
  })
})

describe('the form of an experiment', () => {
  const openForm = async (name: string, title: string) => {
    const plan = { ...planOf(name), workload: name === 'sweep' ? 'primes' : name, tasks: null }
    const parameters = name === 'sweep' ? { n: 1000 } : { rounds: 40 }
    const opened = await openAt('#/experiments', {
      estimate: { ...estimate, plan: { ...plan, parameters } },
      describe: {
        ...madeUpDescription,
        ...{ cores: madeUpCores, usableCores: madeUpCores, experiments },
        workloads: [{ name: 'primes', kind: 'cpu', description: 'counts', parameters: {} }],
      },
    })
    await opened.page.getByRole('button', { name: `Change its plan first: ${title}` }).click()
    await opened.page.getByRole('heading', { name: title, level: 1 }).waitFor()
    return opened
  }

  it('has the parameters of its probe instead of workloads, and can be left', async () => {
    const { page, lab } = await openForm('transports', 'Messages')
    expect(await page.getByLabel('rounds messages').inputValue()).toBe('40')
    expect(await page.getByRole('radio').count()).toBe(0)
    expect(await page.getByText('With more workers').count()).toBe(0)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Start the experiment' }).click()
    const started = () => lab.asked.findLast(({ method }) => method === 'start')?.parameters
    await expect
      .poll(started)
      .toMatchObject({ plan: { experiment: 'transports', parameters: { rounds: 40 } } })
    await page.getByRole('button', { name: 'Leave the experiment' }).click()
    await page.getByRole('radio', { name: /^primes/ }).waitFor()
    await page.getByRole('button', { name: 'Start the comparison' }).click()
    await expect.poll(started).toMatchObject({ plan: { experiment: null, workload: 'primes' } })
  })

  it('asks of a sweep what grows with the workers', async () => {
    const { page, lab } = await openForm('sweep', 'More workers')
    await page.getByRole('radio', { name: /^primes/ }).waitFor()
    await page
      .getByRole('group', { name: 'With more workers' })
      .getByRole('button', { name: /weak/ })
      .click()
    await page.getByRole('button', { name: 'Start the experiment' }).click()
    await expect
      .poll(() => lab.asked.findLast(({ method }) => method === 'start')?.parameters)
      .toMatchObject({ plan: { experiment: 'sweep', scaling: 'weak' } })
  })
})

describe('what was found', () => {
  const plot = (page: Page) => page.locator('.figure-plot canvas')

  it('is drawn in the colours of the models, again where the theme changes', async () => {
    const { page, complaints } = await openFindings(transportFindings)
    const has = async (colour: string) =>
      Object.keys(await coloursOf(page, '.figure-plot canvas')).includes(colour)
    await expect.poll(() => has('11,108,180')).toBe(true)
    expect(await has('192,77,22')).toBe(true)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => has('88,177,243')).toBe(true)
    expect(await has('11,108,180')).toBe(false)
    expect(complaints).toEqual([])
  })

  it('follows the size of the window', async () => {
    const { page } = await openFindings(transportFindings)
    await plot(page).waitFor()
    const width = () => plot(page).evaluate((canvas) => (canvas as HTMLCanvasElement).width)
    await expect.poll(width).toBeGreaterThan(800)
    await page.setViewportSize({ width: 900, height: 800 })
    await expect.poll(width).toBeLessThan(860)
  })

  it('tells the exact values at the pointer, and by the arrow keys', async () => {
    const { page } = await openFindings(transportFindings)
    // Before it is drawn there is nothing to point at.
    await expect.poll(() => coloursOf(page, '.figure-plot canvas')).not.toEqual({})
    const box = await page.locator('.figure-plot').boundingBox()
    if (box === null) throw new Error('no plot')
    await page.mouse.move(box.x + box.width - 12, box.y + box.height / 2)
    const tip = page.locator('.figure-tip')
    await tip.getByText('Payload 64 MiB').waitFor()
    expect(await tip.getByRole('row', { name: 'fork, json' }).innerText()).toMatch(
      /704 ms \(662 to 767\)/,
    )
    await page.mouse.move(2, 2)
    await tip.waitFor({ state: 'hidden' })
    const slider = page.getByRole('slider', { name: /^Point at a place of: Round trip/ })
    await page.getByText('Show the figures').focus()
    await page.keyboard.press('Shift+Tab')
    await tip.getByText('Payload 16 B').waitFor()
    await page.keyboard.press('ArrowRight')
    await tip.getByText('Payload 64 B').waitFor()
    await expect
      .poll(() => slider.getAttribute('aria-valuetext'))
      .toContain('pipe 30.1 µs (28.3 to 32.2)')
  })

  it('has its figures as a table', async () => {
    const { page } = await openFindings(scalingFindings, 'sweep')
    await page.getByText('Show the figures').click()
    const table = page.getByRole('region', { name: 'Figures: Speed-up over one worker' })
    const row = table.getByRole('row', { name: /^8 / })
    expect(await row.innerText()).toMatch(/^8\s5\.69× \(5\.35 to 6\.03\)\s5\.58×\s/)
    await page.getByText('cores: 8 (at 8)').waitFor()
  })

  it('draws panels as high as its width asks for, and reads each bar of all columns by the keys', async () => {
    const { page, complaints } = await openFindings(lockFindings, 'gil')
    const has = async (colour: string) =>
      Object.keys(await coloursOf(page, '.figure-plot canvas')).includes(colour)
    // There are many pixels to be counted.
    const patience = { timeout: 20_000 }
    await expect.poll(() => has('192,77,22'), patience).toBe(true)
    const slider = page.getByRole('slider', { name: /^Point at a place of: What threads/ })
    await slider.focus()
    for (let place = 0; place < 4; place++) await page.keyboard.press('ArrowRight')
    await expect
      .poll(() => slider.getAttribute('aria-valuetext'))
      .toBe(
        'Speed-up over inline (×), CPython 3.11.2, threads: Computing: primes 0.970×; Native code: sha256 7.66×; Waiting: sleep 15.8×',
      )
    await page.locator('.figure-tip').getByText('CPython 3.11.2, threads').waitFor()
    await expectAccessible(page)
    const height = () => plot(page).evaluate((canvas) => canvas.clientHeight)
    const wide = await height()
    // Then the panels are below each other.
    await page.setViewportSize({ width: 420, height: 800 })
    await expect.poll(height).toBeGreaterThan(2 * wide)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => has('240,138,79'), patience).toBe(true)
    expect(complaints).toEqual([])
  })

  it('names what was lost and what lived by a sign as well as by its colour', async () => {
    const { page } = await openFindings(failureFindings)
    const table = page.getByRole('region', { name: 'What was left after a failure' })
    await table.waitFor()
    expect(await table.locator('[data-tone="bad"] svg').count()).toBe(6)
    expect(await table.locator('[data-tone="good"] svg').count()).toBe(6)
  })

  it('shows a table that judges before what is drawn, and figures from the right', async () => {
    const { page } = await openFindings({
      ...creationFindings,
      tables: [
        {
          title: 'What was lost',
          columns: ['counter', 'lost'],
          rows: [[cell('plain'), cell('1,024', 'bad')]],
        },
      ],
    })
    await page.getByRole('region', { name: 'What was lost' }).waitFor()
    expect(await orderOf(page, ['.finding', '.figure'])).toEqual(['.finding', '.figure'])
    const lost = page.getByRole('cell', { name: '1,024' })
    expect(await lost.evaluate((each) => getComputedStyle(each).textAlign)).toBe('right')
  })

  it('breaks no rule of accessibility, in either theme', async () => {
    for (const findings of [
      transportFindings,
      scalingFindings,
      creationFindings,
      failureFindings,
    ]) {
      const { page, complaints } = await openFindings(findings)
      await page.getByRole('region', { name: 'What was found' }).waitFor()
      for (const each of await page.getByText('Show the figures').all()) await each.click()
      await expectAccessible(page)
      expect(complaints).toEqual([])
    }
  })
})

function configurationOf(variant: string): Configuration {
  return { ...madeUpConfiguration('threads'), workload: 'transports', variant }
}

function liveRun(experiment: string): LiveRun {
  return new LiveRun(
    {
      ...{ runId: 1, plan: planOf(experiment), trialsPlanned: 24, cores: madeUpCores },
      configurations:
        experiment === 'sweep'
          ? (['threads', 'processes'] as const).map(madeUpConfiguration)
          : ['structured clone', 'transfer'].map(configurationOf),
    },
    512,
  )
}

describe('a run of several works', () => {
  it('offers of each work the numbers of workers that it was run with', async () => {
    const sleep = (id: number, workers: number): Configuration => ({
      ...madeUpConfiguration('threads'),
      ...{ id, workload: 'sleep', workers },
    })
    const [primes, few, many] = [madeUpConfiguration('threads'), sleep(20, 8), sleep(21, 16)]
    const trials = [primes, few, many].map(({ id }, at) => ({
      ...madeUpTrial('threads', at),
      configuration_id: id,
    }))
    const saved = savedOf('sweep', scalingFindings)
    const configurations = [primes, few, many]
    const { page } = await openAt('#/runs/3', {
      run: { ...saved, run: { ...saved.run, configurations, trials }, summaries: [] },
    })
    const work = page.getByLabel('Work', { exact: true })
    const workers = page.getByLabel('Workers', { exact: true })
    const title = page.locator('.column-head h2')
    await work.waitFor()
    expect(await workers.count()).toBe(0)
    await work.selectOption('sleep')
    await expect.poll(() => title.textContent()).toMatch(/× 16$/)
    expect(await workers.locator('option').allTextContents()).toEqual(['8', '16'])
    expect(await workers.inputValue()).toBe('16')
    await workers.selectOption('8')
    await expect.poll(() => title.textContent()).toMatch(/× 8$/)
    await work.selectOption('primes')
    await expect.poll(() => workers.count()).toBe(0)
  })
})

describe('an experiment while it goes', () => {
  const startTrial = (lab: MadeUpLab, configuration: Configuration) => {
    lab.tell({ type: 'trial-started', ordinal: 0, index: 0, warmUp: false, configuration })
    lab.tell({ type: 'phase', name: 'work', t_ms: 300 })
    for (let t = 0; t <= 2300; t += 50) {
      lab.tell({ type: 'live', live: madeUpReading('threads', t) })
    }
  }

  it('shows what was found so far, and of a probe the trial that goes on', async () => {
    const { page, lab } = await openAt('#/lab', {}, liveRun('transports'))
    await page.getByText('Nothing yet: it takes some trials.').waitFor()
    startTrial(lab, configurationOf('transfer'))
    const trial = page.getByRole('region', { name: 'The trial' })
    await trial.getByRole('heading', { name: 'threads × 4, transfer' }).waitFor()
    await trial.getByText('trial 1 · working').waitFor()
    await expect
      .poll(async () => Object.keys(await coloursOf(page, '.probe canvas')).length)
      .toBeGreaterThan(1)
    expect(await page.locator('.column').count()).toBe(0)
    lab.tell({ type: 'found', findings: transportFindings })
    await page.getByText('Up to 8 KiB a shared buffer').waitFor()
    expect(await orderOf(page, ['.probe', '.findings'])).toEqual(['.probe', '.findings'])
    await expectAccessible(page)
    await page.reload()
    await page.getByText('Up to 8 KiB a shared buffer').waitFor()
  })

  it('keeps its columns where it runs a workload', async () => {
    const { page, lab } = await openAt('#/lab', {}, liveRun('sweep'))
    startTrial(lab, madeUpConfiguration('threads'))
    lab.tell({ type: 'found', findings: scalingFindings })
    await page.getByText('8 processes are 5.7 times as fast as one').waitFor()
    expect(await page.locator('.column').count()).toBe(2)
  })

  it('says at its end what it found, and no more of a comparison that it is not', async () => {
    const { page, lab } = await openAt('#/lab', {}, liveRun('transports'))
    startTrial(lab, configurationOf('transfer'))
    const configuration = configurationOf('transfer')
    lab.tell({ type: 'trial-ended', trial: madeUpTrial('threads', 0), configuration })
    lab.tell({ type: 'found', findings: transportFindings })
    const { trials: _, ...ended } = { ...exampleRun, plan: planOf('transports') }
    lab.tell({ type: 'run-ended', run: ended })
    await page.getByRole('heading', { name: 'What was found' }).waitFor()
    expect(await page.getByText('There is nothing to compare').count()).toBe(0)
    expect(await page.getByRole('heading', { name: 'Messages' }).isVisible()).toBe(true)
  })
})

/** Selectors in the order in which what they select stands on the page, the highest first. */
async function orderOf(page: Page, selectors: readonly string[]): Promise<string[]> {
  const tops = await Promise.all(
    selectors.map(async (selector) => ({
      selector,
      top: (await page.locator(selector).first().boundingBox())?.y ?? 0,
    })),
  )
  return tops.sort((a, b) => a.top - b.top).map(({ selector }) => selector)
}
