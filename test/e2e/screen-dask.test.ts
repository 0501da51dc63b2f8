import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { LiveRun } from '../../src/shared/live-run.ts'
import type { Trial } from '../../src/shared/model/run.ts'
import { Timeline } from '../../src/shared/timeline.ts'
import { exampleRun } from '../support/example-run.ts'
import { startMadeUpLab } from '../support/made-up-lab.ts'
import {
  madeUpComparison,
  madeUpConfiguration,
  madeUpCores,
  madeUpReading,
  madeUpRun,
  madeUpTrial,
} from '../support/made-up-run.ts'
import { madeUpScreens } from '../support/made-up-screens.ts'
import { expectAccessible } from '../support/screen.ts'

const screens = madeUpScreens()
const observations = { dask_tasks_count: 12, dask_transfer_bytes: 3072, dask_transfer_ms: 4 }
const configuration = { ...madeUpConfiguration('processes'), runtime: 'dask' as const }
const onDask = (index: number): Trial => ({ ...madeUpTrial('processes', index), observations })
const plan = { ...exampleRun.plan, runtimes: ['dask' as const] }

const rowOf = (page: Page) =>
  page
    .getByRole('region', { name: 'Dask', exact: true })
    .getByRole('row', { name: /^processes × 4 12 3 KiB 4\.00 ms$/ })

describe('what Dask tells of itself', () => {
  it('comes with the first trial that counts, and stays when the run has ended', async () => {
    const start = { runId: 1, plan, trialsPlanned: 1, cores: madeUpCores }
    const live = new LiveRun({ ...start, configurations: [configuration] }, 512)
    const lab = await startMadeUpLab(live, madeUpCores)
    const { page } = await screens.openAt(lab)
    await page.locator('.column').first().waitFor()
    expect(await rowOf(page).count()).toBe(0)
    lab.tell({ type: 'trial-started', ordinal: 0, index: 0, warmUp: false, configuration })
    lab.tell({ type: 'trial-ended', trial: onDask(0), configuration })
    await rowOf(page).waitFor()
    lab.tell({ type: 'run-ended', run: { ...exampleRun, plan, configurations: [configuration] } })
    await page.getByRole('button', { name: 'Open the saved run' }).waitFor()
    await rowOf(page).waitFor()
  })

  it('stands under the columns of a saved run, and is exported from there', async () => {
    const timeline = new Timeline(madeUpCores, 4, 64)
    for (let t = 0; t <= 2300; t += 100) timeline.add(madeUpReading('processes', t))
    const made = madeUpRun()
    const run = { ...made.run, plan, configurations: [configuration], trials: [onDask(0)] }
    const summaries = [{ configuration, counted: run.trials, metrics: {} }]
    const whole = { run, summaries, findings: null, cores: madeUpCores }
    const lab = await startMadeUpLab(null, madeUpCores, {
      run: { ...whole, comparison: madeUpComparison },
      timeline: { timeline: timeline.toData(), releasedMs: 300 },
    })
    const { page } = await screens.openAt(lab, '#/runs/3')
    await rowOf(page).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Export/ }).click()
    await page.getByRole('menuitem', { name: 'What was observed, as CSV' }).waitFor()
  })
})
