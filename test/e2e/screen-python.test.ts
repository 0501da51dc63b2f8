import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { scratchFolder } from '../support/scratch.ts'
import { expectAccessible, screens } from '../support/screen.ts'

const scratch = scratchFolder()
const { openScreen } = screens((name) => scratch.path(name))

/** Debian's own, where it is there: a shim on PATH may lead elsewhere. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'
const [path = '', name = ''] = execFileSync(python, [
  '-c',
  'import platform,sys;print(sys.executable);print(platform.python_implementation(),platform.python_version())',
])
  .toString()
  .trim()
  .split('\n')

const box = (page: Page, label: string | RegExp) =>
  page.getByRole(
    'checkbox',
    typeof label === 'string' ? { name: label, exact: true } : { name: label },
  )

/** Chooses Python beside Node, and of those that are found this one alone. */
async function choosePython(page: Page): Promise<void> {
  await box(page, 'Python').click()
  const rows = page.getByRole('list', { name: 'Pythons of this machine' }).getByRole('listitem')
  const wanted = rows.filter({ has: page.getByText(path, { exact: true }) }).getByRole('checkbox')
  await wanted.waitFor({ timeout: 30_000 })
  if (await wanted.isChecked()) return
  await wanted.click()
  for (const row of await rows.all()) {
    const other = row.getByRole('checkbox')
    const isOther = !(await row.textContent())?.endsWith(path)
    if (isOther && (await other.isChecked())) await other.click()
  }
}

it('runs the same work in Node and in Python, side by side, and keeps it', {
  timeout: 120_000,
}, async () => {
  const { page, complaints } = await openScreen()
  await choosePython(page)
  // What Python does not have cannot be chosen beside it.
  await expect
    .poll(() => page.getByRole('radio', { name: /^mandelbrot.*Node alone/ }).isDisabled())
    .toBe(true)
  expect(await box(page, 'multiprocessing.Pool').isVisible()).toBe(true)
  await expectAccessible(page)

  await page.getByLabel('n numbers').fill('2000')
  await page.getByLabel('Duration s').fill('0.3')
  await page.getByLabel('Repetitions trials').fill('1')
  await page.getByLabel('Interval ms').fill('50')
  await page.getByText('More: warm-ups').click()
  await page.getByLabel('Warm-ups trials').fill('0')
  await page.getByLabel('Warm-ups trials').press('Tab')
  await page.getByRole('button', { name: 'Start the comparison' }).click()
  await page.getByText('4 of 4 trials were measured and are kept').waitFor({ timeout: 60_000 })
  const titles = async () =>
    Promise.all(
      (await page.locator('.column').all()).map((each) => each.getAttribute('aria-label')),
    )
  const expected = [
    expect.stringMatching(/^Node · Threads × \d+$/),
    expect.stringMatching(/^Node · Processes × \d+$/),
    expect.stringMatching(new RegExp(`^${name} · Threads × \\d+$`)),
    expect.stringMatching(new RegExp(`^${name} · Processes × \\d+, spawn$`)),
  ]
  expect(await titles()).toEqual(expected)
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Open the saved run' }).click()
  await page.getByRole('button', { name: 'Run again…' }).waitFor()
  await expect.poll(titles).toEqual(expected)
  // A thread of Python has no heap of its own to tell of, and that is no 0.
  const heap = page
    .getByRole('region', { name: new RegExp(`^Workers, ${name} · Threads`) })
    .locator('td[data-column="memory"]')
    .first()
  await expect.poll(() => heap.textContent()).toBe('–')
  expect(await heap.getAttribute('title')).toMatch(/does not tell/)
  // Many columns are chosen among, and none of them widens the page.
  await page.getByRole('button', { name: /^Node · Threads/ }).click()
  await expect.poll(async () => (await titles()).length).toBe(3)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)

  await page.getByRole('link', { name: 'Saved runs' }).first().click()
  await page.getByText('Node, Python').first().waitFor()
  expect(complaints).toEqual([])
})

it('adds a Python by its path, says what is wrong with one, and takes it back', {
  timeout: 60_000,
}, async () => {
  const { page } = await openScreen()
  await choosePython(page)
  const field = page.getByLabel('Path of another Python')
  await field.fill('/nowhere/python3')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText(/^\/nowhere\/python3 is not there; allowed/).waitFor()
  expect(await field.getAttribute('aria-invalid')).toBe('true')

  // A Python under another name is that Python; a program that is none is not.
  const broken = scratch.path('python3-broken')
  await writeFile(broken, '#!/bin/sh\necho no Python\nexit 3\n')
  await chmod(broken, 0o755)
  await field.fill(broken)
  await field.press('Enter')
  await page.getByText(/python3-broken .*; allowed/).waitFor()

  const environment = scratch.path('an environment')
  execFileSync(path, ['-m', 'venv', '--without-pip', environment])
  await field.fill(environment)
  await field.press('Enter')
  const added = box(page, /an environment/)
  await added.waitFor()
  expect(await added.isChecked()).toBe(true)
  // It is seen without scrolling, however many there are.
  const isSeen = () =>
    added.evaluate((element) => {
      const [own, list] = [element, element.closest('ul') as HTMLElement].map((each) =>
        each.getBoundingClientRect(),
      ) as [DOMRect, DOMRect]
      return own.top >= list.top && own.bottom <= list.bottom
    })
  await expect.poll(isSeen).toBe(true)

  // One that is no longer listed is no longer chosen either, though no other was.
  const rows = page.getByRole('list', { name: 'Pythons of this machine' }).getByRole('listitem')
  for (const row of await rows.all()) {
    const other = row.getByRole('checkbox')
    const isAdded = (await row.textContent())?.includes('an environment') ?? false
    if (!isAdded && (await other.isChecked())) await other.click()
  }
  await page.getByRole('button', { name: /^Remove .*an environment/ }).click()
  await added.waitFor({ state: 'detached' })
  await expect.poll(() => page.getByText('named by the plan').count()).toBe(0)
  expect(await rows.getByRole('checkbox', { checked: true }).count()).toBe(1)
})
