import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExportProgress } from '../../src/shared/contract.ts'
import { launchChromium } from '../support/chromium.ts'
import { startMadeUpLab } from '../support/made-up-lab.ts'
import { complaintsOf, expectAccessible } from '../support/screen.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

it('a file that takes a while has a notice, with how far it has come and a button that ends it', async () => {
  const lab = await startMadeUpLab(null, 4, { cancelExport: true })
  const context = await browser.newContext()
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.goto(`${lab.url}#/runs`)
  await expect.poll(() => lab.asked.some(({ method }) => method === 'watch')).toBe(true)
  const tell = (exportId: number, state: ExportProgress['state'], share: number | null) => {
    const progress = { exportId, name: `samples-${exportId}.csv`, share, state }
    lab.tellLab({ type: 'export-progress', progress })
  }
  const notice = (name: string) => page.getByRole('dialog', { name, exact: true })
  const bar = (id: number) =>
    page.getByRole('progressbar', { name: `How much of samples-${id}.csv is written` })

  tell(1, 'running', null)
  await notice('Exporting samples-1.csv').waitFor()
  // How much there is, is not known: no share is made up.
  expect(await bar(1).getAttribute('value')).toBeNull()
  tell(2, 'running', 0.4999)
  await notice('Exporting samples-2.csv').getByText('49 %').waitFor()
  tell(1, 'running', 0.25)
  await notice('Exporting samples-1.csv').getByText('25 %').waitFor()
  expect(await bar(1).getAttribute('value')).toBe('0.25')
  expect(await bar(2).getAttribute('value')).toBe('0.4999')
  expect(await page.getByRole('progressbar').count()).toBe(2)
  await expectAccessible(page)

  const cancelled = () => lab.asked.filter(({ method }) => method === 'cancelExport')
  await notice('Exporting samples-2.csv').getByRole('button', { name: 'Cancel' }).press('Enter')
  await expect
    .poll(() => cancelled().map(({ parameters }) => parameters))
    .toEqual([{ exportId: 2 }])
  tell(2, 'cancelled', null)
  await notice('Cancelled').getByText('samples-2.csv').waitFor()
  await notice('Exporting samples-2.csv').waitFor({ state: 'detached' })
  await notice('Exporting samples-1.csv').getByText('25 %').waitFor()
  tell(1, 'done', 1)
  await notice('Exporting samples-1.csv').waitFor({ state: 'detached' })
  expect(await page.getByRole('progressbar').count()).toBe(0)
  expect(complaints).toEqual([])
  lab.close()
  await context.close()
})
