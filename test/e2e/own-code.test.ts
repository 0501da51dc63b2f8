import { mkdir, writeFile } from 'node:fs/promises'
import { basename, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { corescope, ourProcesses } from '../support/command.ts'
import { desktops } from '../support/electron/desktop.ts'
import { scratchFolder, until } from '../support/scratch.ts'
import { expectAccessible, screens } from '../support/screen.ts'

const template = fileURLToPath(new URL('../../resources/templates/my-task.mjs', import.meta.url))
const scratch = scratchFolder()
const broken = () => scratch.path('ein Ordner', 'brökén.mjs')

beforeAll(async () => {
  await mkdir(scratch.path('ein Ordner'))
  await writeFile(
    broken(),
    "export function task(i) {\n  if (i === 1) divide(i)\n}\nfunction divide() {\n  throw new RangeError('by zero')\n}\n",
  )
})
// Hooks run in the order against this one: the web shells are ended before.
afterAll(async () => {
  await until('nothing of ours is left', async () => (await ourProcesses()).length === 0)
})

const { openScreen } = screens((name) => scratch.path(name))
const { openDesktop } = desktops()
const quick = ['--repeat', '1', '--warmup', '0', '--tasks', '8', '--models', 'inline,threads']

describe('your own code in the terminal', () => {
  it('is named by half a path, by a flag or in a plan, and kept by the whole', async () => {
    const database = scratch.path('terminal.db')
    const given = relative(process.cwd(), template)
    const run = await corescope(database, 'run', '--workload', given, ...quick)
    expect(run).toMatchObject({ code: 0 })
    expect(run.stdout).toMatch(/^run 1 · my-task\.mjs: inline, threads · done/)
    const plan = scratch.path('plan.json')
    await writeFile(plan, JSON.stringify({ workload: 'ein Ordner/brökén.mjs' }))
    const failed = await corescope(database, 'run', plan, ...quick)
    expect(failed.code).toBe(1)
    expect(failed.stdout).toMatch(
      /inline: the host failed in task 1: RangeError: by zero, at brökén\.mjs:5:9\n {4}at divide \(brökén\.mjs:5:9\)\n {4}at .*task \(brökén\.mjs:2:16\)\n/,
    )
    const { stdout } = await corescope(database, 'show', 'last', '--json')
    expect(JSON.parse(stdout).run.plan.workload).toBe(broken())
  })

  it('that cannot be run is refused on one line, before anything is', async () => {
    const refused = await corescope(scratch.path('none.db'), 'run', '--workload', './gone.mjs')
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(
      /^corescope: --workload: there is no file .*gone\.mjs; allowed: .*\n$/,
    )
  })
})

describe('your own code on the screen', () => {
  it('is the last card, says whose rights it has and what is wrong with its path, and runs', async () => {
    const { page, complaints } = await openScreen()
    await page.getByRole('radio').last().click()
    await page.getByText('runs with your rights').waitFor()
    const path = page.getByLabel('Path of your module')
    // A name on the way to a path is not taken for a workload.
    await path.fill('file')
    await page.locator('.own-module .problem').getByText('is not a whole path').waitFor()
    expect(await page.getByRole('radio', { name: 'Your own code' }).isChecked()).toBe(true)
    await path.fill(scratch.path('gone.mjs'))
    await page.locator('.own-module .problem').getByText('there is no file').waitFor()
    await expectAccessible(page)
    await path.fill(broken())
    await page.locator('.own-module .problem').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'a number of tasks' }).click()
    await page.getByText('More: warm-ups').click()
    await page.getByLabel('Warm-ups trials').fill('0')
    await page.getByLabel('Repetitions trials').fill('1')
    await page.getByLabel('Repetitions trials').press('Tab')
    await page.getByRole('button', { name: 'Start the comparison' }).click()
    await page.getByText('of 2 trials were measured and are kept').waitFor({ timeout: 30_000 })
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(basename(broken()))
    expect(await page.locator('.trial-stack').first().innerText()).toMatch(
      /^at divide \(brökén\.mjs:5:9\)\nat .*task \(brökén\.mjs:2:16\)$/,
    )
    expect(complaints).toEqual([])
  })

  it('is chosen in a dialog in the desktop app', async () => {
    const desktop = await openDesktop()
    const { page } = desktop
    await page.getByRole('radio', { name: 'Your own code' }).click()
    await page.getByRole('button', { name: 'Choose…' }).click()
    const dialog = await desktop.nextDialog()
    expect(dialog).toMatchObject({
      kind: 'open',
      options: { filters: [{ name: 'Module' }, { name: 'All files' }], properties: ['openFile'] },
    })
    dialog.answer({ canceled: false, filePaths: [template] })
    await expect.poll(() => page.getByLabel('Path of your module').inputValue()).toBe(template)
    // Chosen again and called off, it stays.
    await page.getByRole('button', { name: 'Choose…' }).click()
    ;(await desktop.nextDialog()).answer({ canceled: true, filePaths: [] })
    await expect.poll(() => page.getByLabel('Path of your module').inputValue()).toBe(template)
  })
})
