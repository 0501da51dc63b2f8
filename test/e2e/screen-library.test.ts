import { copyFileSync } from 'node:fs'
import { hostname } from 'node:os'
import BetterSqlite3 from 'better-sqlite3'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { corescope, ourProcesses } from '../support/command.ts'
import { scratchFolder, until } from '../support/scratch.ts'
import { expectAccessible, screens } from '../support/screen.ts'

const scratch = scratchFolder()
// Hooks run in the order against this one: the web shells are ended before.
afterAll(async () => {
  await until('nothing of ours is left', async () => (await ourProcesses()).length === 0)
})

const { openScreen } = screens((name) => scratch.path(name))

const measured: readonly string[] = [
  ...['run', '--models', 'threads,processes', '--param', 'n=2000', '--duration', '0.2'],
  ...['--repeat', '1', '--warmup', '0', '--interval', '50'],
]
beforeAll(async () => {
  const { code, stderr } = await corescope(scratch.path('measured.db'), ...measured)
  if (code !== 0) throw new Error(stderr)
})

/** A page at so many runs, all made from one that was measured; the newest has the highest number. */
async function openRuns(name: string, runs: number) {
  const path = scratch.path(`${name}.db`)
  copyFileSync(scratch.path('measured.db'), path)
  const database = new BetterSqlite3(path)
  const columns = (table: string) =>
    (database.pragma(`table_info(${table})`) as { name: string }[])
      .map((column) => column.name)
      .filter((column) => column !== 'id')
  const own = columns('runs').filter((column) => !['uid', 'label', 'started_at'].includes(column))
  const insert = database.prepare(
    `INSERT INTO runs (uid, label, started_at, ${own}) SELECT ?, ?, started_at + ?, ${own} FROM runs WHERE id = 1`,
  )
  database.transaction(() => {
    for (let id = 2; id <= runs; id++) insert.run(`made-up-${id}`, `run no. ${id}`, id * 1000)
  })()
  database.close()
  const screen = await openScreen(name)
  await screen.page.getByRole('link', { name: 'Saved runs' }).click()
  await screen.page.getByText(`${runs} runs`).waitFor()
  return screen
}

const labels = (page: Page) => page.locator('td[data-column="label"] a').allInnerTexts()

/** Writes a tag in the editor that is open. */
async function addTag(page: Page, tag: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Add to the tags/ }).fill(tag)
  await page.getByRole('option', { name: `New tag ${tag}` }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: `Remove the tag ${tag}` }).waitFor()
}

describe('the list of saved runs', () => {
  it('is filtered by what runs have, and the address keeps that over back and reload', async () => {
    const { page, complaints } = await openRuns('filtered', 3)
    await page.getByRole('button', { name: 'More for run 2' }).click()
    await page.getByRole('menuitem', { name: 'Tags…' }).click()
    await addTag(page, 'ليلي, nightly')
    await page.getByRole('button', { name: 'Done' }).click()

    await page.getByRole('combobox', { name: 'Filter by tag' }).click()
    await page.getByRole('option', { name: 'ليلي, nightly 1' }).click()
    await expect.poll(() => labels(page)).toEqual(['run no. 2'])
    await page.reload()
    await page.getByText('1 run').waitFor()
    await expect.poll(() => labels(page)).toEqual(['run no. 2'])

    await page.getByRole('combobox', { name: 'Filter by status' }).click()
    await page.getByRole('option', { name: /^done/ }).click()
    await page.getByRole('button', { name: 'Remove the filter by tag' }).click()
    await page.getByText('3 runs').waitFor()
    // Two steps back there is the tag alone.
    await page.goBack()
    await page.goBack()
    await page.getByRole('button', { name: 'Remove the filter by tag' }).waitFor()
    await expect.poll(() => labels(page)).toEqual(['run no. 2'])
    expect(await page.getByRole('button', { name: 'Remove the filter by status' }).count()).toBe(0)

    await page.getByRole('button', { name: 'Filter by date' }).click()
    await page.getByLabel('Last day').fill('2001-01-01')
    await page.getByText('No run is left by these filters.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Show all runs' }).click()
    await page.getByText('3 runs').waitFor()
    expect(complaints).toEqual([])
  })

  it('leaves the tags as they are where Esc leaves their field', async () => {
    const { page } = await openRuns('tags-left', 2)
    await page.getByRole('button', { name: 'More for run 2' }).click()
    await page.getByRole('menuitem', { name: 'Tags…' }).click()
    await addTag(page, 'nightly')
    const field = page.getByRole('combobox', { name: /^Add to the tags/ })
    await field.press('Escape')
    // The first may have closed what is proposed.
    if (await field.isVisible()) await page.keyboard.press('Escape')
    await field.waitFor({ state: 'hidden' })
    await page.reload()
    await page.getByRole('button', { name: 'nightly' }).waitFor()
  })

  it('sorts by what the window has no room for, by a menu', async () => {
    const { page } = await openRuns('sorted', 3)
    await page.getByRole('button', { name: 'Sorted by When' }).click()
    await page.getByRole('menuitemradio', { name: 'Took' }).click()
    await page.getByRole('button', { name: 'Sorted by Took' }).click()
    await page.getByRole('menuitemradio', { name: 'Smallest or oldest first' }).click()
    await expect.poll(() => new URL(page.url()).hash).toBe('#/runs?order=duration_ms&ascending=1')
    await page.setViewportSize({ width: 1920, height: 1080 })
    await page.getByRole('button', { name: /^Sorted by/ }).waitFor({ state: 'hidden' })
  })

  it('leads to a run and back to the page, the words and the order it was left in', async () => {
    const { page } = await openRuns('paged', 230)
    await page.getByLabel('Search the saved runs').fill('no.')
    await page.getByText('229 runs').waitFor()
    await page.getByRole('button', { name: 'When', exact: true }).click()
    await page.getByRole('button', { name: 'On', exact: true }).click()
    await page.getByText('101–200 of 229').waitFor()
    await page.getByRole('link', { name: 'run no. 150' }).click()
    await page.getByRole('button', { name: 'Run again…' }).waitFor()
    await page.locator('a.back').click()
    await page.getByText('101–200 of 229').waitFor()
    await expect.poll(() => labels(page).then(([first]) => first)).toBe('run no. 102')
    expect(await page.getByLabel('Search the saved runs').inputValue()).toBe('no.')
  })

  it('sets runs beside each other in the order in which they were chosen', async () => {
    const { page } = await openRuns('chosen', 3)
    const compare = page.getByRole('button', { name: 'Compare', exact: true })
    await page.getByRole('checkbox', { name: 'Choose run 3' }).press('Space')
    expect(await compare.isDisabled()).toBe(true)
    // The keyboard stays where it is.
    await page.keyboard.press('Space')
    await compare.waitFor({ state: 'hidden' })
    await page.keyboard.press('Space')
    await compare.waitFor()
    // What was chosen stays so where it is out of sight.
    await page.getByLabel('Search the saved runs').fill('primes: threads')
    await page.getByText('1 run', { exact: true }).waitFor()
    await page.getByRole('checkbox', { name: 'Choose run 1' }).click()
    await page.getByText('2 runs chosen').waitFor()
    await compare.click()
    await page.waitForURL(/#\/compare\?sides=3(,|%2C)1$/)
  })

  it('shows what a user writes as it is, and overflows with none of it', async () => {
    const { page, complaints } = await openRuns('written', 8)
    const hostile = [
      'long '.repeat(2000),
      'x'.repeat(10_000),
      '<img src=x onerror="document.title=1">',
      'مقارنة "تجربة"',
      '👩‍👩‍👧‍👦',
      '=1+1\n"two lines"',
    ]
    const database = new BetterSqlite3(scratch.path('written.db'))
    for (const [index, label] of hostile.entries()) {
      database.prepare('UPDATE runs SET label = ? WHERE id = ?').run(label, index + 2)
    }
    database.close()
    await page.reload()
    await page.getByRole('link', { name: '<img src=x onerror="document.title=1">' }).waitFor()
    await page.getByRole('link', { name: 'مقارنة "تجربة"' }).waitFor()
    await page.getByRole('button', { name: 'More for run 2' }).click()
    await page.getByRole('menuitem', { name: 'Tags…' }).click()
    for (let tag = 0; tag < 6; tag++) await addTag(page, `${tag}`.repeat(100))
    await page.getByRole('button', { name: 'Done' }).click()
    for (const width of [1920, 1280, 900]) {
      await page.setViewportSize({ width, height: 800 })
      await expect.poll(() => overflow(page)).toBe(0)
    }
    await page.goto(`${page.url().split('#')[0]}#/runs/2`)
    await page.getByRole('button', { name: 'Run again…' }).waitFor()
    await page.getByRole('button', { name: 'Edit the label of run 2' }).waitFor()
    await expect.poll(() => overflow(page)).toBe(0)
    expect(complaints).toEqual([])
  })
})

describe('a saved run', () => {
  it('is named, noted, tagged and marked in its own view, and the list tells of it', async () => {
    const { page, complaints } = await openRuns('upkeep', 2)
    await page.getByRole('link', { name: 'run no. 2' }).click()
    await page.getByRole('button', { name: 'Add notes' }).click()
    await page.getByLabel('Notes').fill('first line\n<b>second</b>')
    await page.keyboard.press('Control+Enter')
    await page.getByText('<b>second</b>').waitFor()
    await page.getByRole('button', { name: 'Edit the notes' }).click()
    await page.getByLabel('Notes').fill('never')
    await page.keyboard.press('Escape')
    await page.getByText('<b>second</b>').waitFor()
    await addTag(page, 'Node 24')
    await page.getByRole('button', { name: 'Baseline' }).click()
    await page.getByRole('button', { name: 'Kept' }).click()
    await expect
      .poll(() => page.locator('.toggle[aria-pressed="true"]').allInnerTexts())
      .toEqual(['Baseline', 'Kept'])
    await expectAccessible(page)

    await page.locator('a.back').click()
    const line = page.locator('td[data-column="label"] .run-line')
    await expect.poll(() => line.allInnerTexts().then(String)).toMatch(/baseline\s+kept\s+Node 24/)
    await page.getByLabel('Search the saved runs').fill('second')
    await expect.poll(() => labels(page)).toEqual(['run no. 2'])
    await page.reload()
    await expect.poll(() => line.allInnerTexts().then(String)).toMatch(/baseline\s+kept\s+Node 24/)
    expect(complaints).toEqual([])
  })

  it('is run again from the list: the form is filled with its plan', async () => {
    const { page } = await openRuns('again', 2)
    await page.getByRole('button', { name: 'More for run 1' }).click()
    await page.getByRole('menuitem', { name: 'Run again…' }).click()
    await page.getByRole('button', { name: 'Start the comparison' }).waitFor()
    expect(await page.getByLabel('n numbers').inputValue()).toBe('2000')
    expect(await page.getByLabel('Duration s').inputValue()).toBe('0.2')
  })
})

describe('a run from elsewhere', () => {
  it('is imported from its JSON, once, and marked as such; what is no run is refused in words', async () => {
    const { page } = await openRuns('exported', 2)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export run 1' }).click()
    await page.getByRole('menuitem', { name: 'Everything, as JSON to import' }).click()
    const path = await (await download).path()

    const other = await openScreen()
    await other.page.getByRole('link', { name: 'Saved runs' }).click()
    await other.page.getByText('No run is kept yet.').waitFor()
    const file = other.page.getByLabel('File of a run')
    await file.setInputFiles({ ...asJson, buffer: Buffer.from('{"format":"something else"}') })
    await other.page.getByText('That did not work').waitFor()
    expect(await other.page.locator('.notice .notice-text').innerText()).toMatch(/format/)
    await file.setInputFiles(path)
    await other.page.getByText('Imported as run 1').waitFor()
    await other.page.getByText('1 run', { exact: true }).waitFor()
    await file.setInputFiles(path)
    await other.page.getByText('It is here already, as run 1').waitFor()
    await other.page.getByText(`imported from ${hostname()}`).waitFor()
    await other.page.getByRole('button', { name: 'Open' }).first().click()
    await other.page.getByText(`imported from ${hostname()} on`).waitFor()
  })
})

const asJson = { name: 'a.json', mimeType: 'application/json' }

describe('the storage', () => {
  it('says what it takes, keeps the policy, and asks before it thins', async () => {
    const { page, complaints } = await openRuns('storage', 2)
    await page.getByRole('button', { name: /^Storage/ }).click()
    const panel = page.getByRole('dialog', { name: 'Storage' })
    await expect
      .poll(() => panel.getByText('All files').locator('..').innerText())
      .toMatch(/2 runs\s+[\d.,]+ (KiB|MiB)/)
    await panel.getByRole('switch', { name: 'Thin old samples' }).click()
    await panel.getByLabel('Days').fill('30')
    await panel.getByLabel('Days').press('Enter')
    await expectAccessible(page)
    await panel.getByRole('button', { name: 'Thin now' }).click()
    await panel.getByText('It cannot be undone.').waitFor()
    await panel.getByRole('button', { name: 'Thin for good' }).click()
    await page.getByText('There was nothing to thin').waitFor()
    await panel.getByRole('button', { name: 'Compact' }).click()
    await page.getByText('Compacted').waitFor()
    await page.reload()
    await page.getByRole('button', { name: /^Storage/ }).click()
    await expect.poll(() => panel.getByLabel('Days').inputValue()).toBe('30')
    expect(complaints).toEqual([])
  })
})

/** How far the page is wider than its window, or the table than its frame, in CSS pixels. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const frame = document.querySelector('.table-frame')
    const table = frame === null ? 0 : frame.scrollWidth - frame.clientWidth
    return Math.max(table, document.documentElement.scrollWidth - innerWidth)
  })
}
