import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { desktops } from '../support/electron/desktop.ts'
import { scratchFolder } from '../support/scratch.ts'
import { runQuickly } from '../support/screen.ts'

/*
 * What a user does in the desktop app's page, on the stand-in for Electron. `desktop.page` is a page
 * of Playwright's; dialogs and the menu are reached by `desktop.nextDialog()` and `desktop.app`.
 */
const scratch = scratchFolder()
const { openDesktop } = desktops()

it('the page draws itself without breaking the app’s own policy', async () => {
  const { page } = await openDesktop()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.reload()
  await page.getByRole('button', { name: 'Start the comparison' }).waitFor()
  expect(complaints).toEqual([])
})

it('a comparison is set up, watched to its end, opened, and exported through the save dialog', async () => {
  const desktop = await openDesktop()
  const { page, home } = desktop
  await runQuickly(page)
  const says = page.getByRole('region', { name: 'What the run says' })
  expect(await says.innerText()).toMatch(
    /2 (?:processes|threads) completed .* 2 (?:processes|threads)/,
  )
  await page.getByRole('button', { name: 'Open the saved run' }).click()
  await page.getByRole('combobox', { name: 'Trial of threads' }).waitFor()
  await page.getByRole('button', { name: 'Export this run' }).click()
  await page.getByRole('menuitem', { name: 'Trials, as CSV' }).click()
  const path = join(home, 'taken.csv')
  const dialog = await desktop.nextDialog()
  dialog.answer({ canceled: false, filePath: path })
  await page.getByText(path).waitFor()
  const rows = parse(await readFile(path), { columns: true }) as Record<string, string>[]
  expect(rows.map(({ model }) => model).sort()).toEqual(['processes', 'threads'])
})

it('a plan that it was started with is in the form, and one that is none is told of', async () => {
  const home = scratch.path('started with')
  await mkdir(home)
  const path = join(home, 'a plan.json')
  await writeFile(path, '{"workload":"sleep"}')
  const first = await openDesktop({ home, args: [path] })
  await first.page.getByRole('radio', { name: /^sleep/, checked: true }).waitFor()
  await first.app.quit()
  await first.exited
  await writeFile(path, 'no plan')
  const second = await openDesktop({ home, args: [path] })
  await second.page.getByText(/a plan\.json: not JSON/).waitFor()
})

it('the menu leads through the page: views, a plan, the start, the stop', async () => {
  const desktop = await openDesktop()
  const { page, app, home } = desktop
  await page.getByRole('button', { name: 'Start the comparison' }).waitFor()
  await app.clickMenu('View', 'Saved runs')
  await page.getByText('No run is kept yet.').waitFor()
  const path = join(home, 'a plan.json')
  await writeFile(path, '{"workload":"sleep","parameters":{"ms":20},"duration_s":20,"warmup":0}')
  await app.clickMenu('File', 'Open plan…')
  ;(await desktop.nextDialog()).answer({ canceled: false, filePaths: [path] })
  await page.getByRole('radio', { name: /^sleep/, checked: true }).waitFor()
  await app.clickMenu('Run', 'Start')
  await page.getByText('· working').waitFor()
  await app.clickMenu('Run', 'Stop')
  await page
    .getByText(/interrupted: stopped by the user/)
    .first()
    .waitFor()
  await app.clickMenu('File', 'New comparison')
  await page.getByRole('button', { name: 'Start the comparison' }).waitFor()
})
