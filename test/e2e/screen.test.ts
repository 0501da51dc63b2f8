import { readFile } from 'node:fs/promises'
import BetterSqlite3 from 'better-sqlite3'
import { parse } from 'csv-parse/sync'
import type { Page } from 'playwright'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { ourProcesses } from '../support/command.ts'
import { scratchFolder, until } from '../support/scratch.ts'
import {
  coloursOf,
  expectAccessible,
  nextPicture,
  runQuickly,
  screens,
  setUpQuickly,
  trialOf,
  watchFor,
} from '../support/screen.ts'
import { serve } from '../support/served.ts'

const scratch = scratchFolder()
// Hooks run in the order against this one: the web shells are ended before.
afterAll(async () => {
  await until('nothing of ours is left', async () => (await ourProcesses()).length === 0)
})

const { openScreen } = screens((name) => scratch.path(name))

const heat = '.column[data-model="threads"] [data-canvas="cores"]'
const memory = '.column[data-model="threads"] [data-canvas="memory"]'
const processesAreCurrent = '.column[data-model="processes"] .column-state[data-current="true"]'
const kept = /trials were measured and are kept/
const stopped = /interrupted: stopped by the user/

/** Far more trials than anybody waits for: nothing has to be done before the run ends by itself. */
async function setUpLong(page: Page): Promise<void> {
  await setUpQuickly(page, '0.5')
  await page.getByLabel('Repetitions trials').fill('100')
  await page.getByLabel('Repetitions trials').press('Tab')
}

describe('the lab', () => {
  it('offers the default comparison with one button where nothing is kept yet', async () => {
    const { page, complaints } = await openScreen()
    await page.getByRole('button', { name: 'Run the default comparison' }).click()
    await page.getByText('trial 1 of 8').waitFor()
    await expect.poll(() => page.title()).toMatch(/^\d\/8 · Lab · Corescope$/)
    // Cores and memory move: there is more of them a second later than at first.
    await expect
      .poll(async () => Object.keys(await coloursOf(page, heat)).length, { timeout: 20_000 })
      .toBeGreaterThan(1)
    const painted = async () =>
      Object.values(await coloursOf(page, memory)).reduce((sum, count) => sum + count, 0)
    const before = await painted()
    await expect.poll(painted, { timeout: 20_000 }).not.toBe(before)
    await expect
      .poll(() => page.locator('.observer').innerText())
      .toMatch(/watching costs\s\d.* of a core/)
    await page.keyboard.press('Escape')
    await page.getByText(stopped).first().waitFor()
    expect(complaints).toEqual([])
  })

  it('is set up, watched to its end, and says what came out', async () => {
    const { page, complaints } = await openScreen()
    await setUpQuickly(page)
    await page.getByText('Inline, the baseline').click()
    const isCurrent = await watchFor(page, processesAreCurrent)
    await page.getByRole('button', { name: 'Start the comparison' }).click()
    await isCurrent()
    await page.getByText(kept).waitFor({ timeout: 30_000 })
    for (const name of ['Inline', 'Threads × 2', 'Processes × 2']) {
      const column = page.getByRole('region', { name, exact: true })
      expect(await column.getByText(/tasks\/s$/).innerText()).toMatch(/^[\d,.]+ tasks\/s$/)
      const rows = await column.locator('.workers tbody tr').allInnerTexts()
      expect(rows).toHaveLength(name === 'Inline' ? 1 : 2)
      // PID or PID / thread, then the tasks: that it is done says the head of the column.
      for (const row of rows) expect(row).toMatch(/^\d\t\d+( \/ \d+)?\t[\d,]+\t/)
    }
    const pair = page.getByRole('complementary', { name: 'processes compared with threads' })
    const ratios = await pair.locator('.ratio').allInnerTexts()
    expect(ratios.length).toBeGreaterThanOrEqual(5)
    for (const ratio of ratios) expect(ratio).toMatch(/^\d[\d.]*×$/)
    expect(await page.getByRole('region', { name: 'What the run says' }).innerText()).toMatch(
      /2 (?:processes|threads) completed .* 2 (?:processes|threads)[\s\S]*too few trials to say/,
    )
    expect(complaints).toEqual([])
  })

  it('shows what is wrong with a plan beside its field, and does not start it', async () => {
    const { page } = await openScreen()
    await page.getByLabel('Interval ms').fill('7')
    await page.getByLabel('Interval ms').press('Tab')
    await page
      .getByText('7 is not allowed; allowed: a whole number from 50 to 10000 ms')
      .first()
      .waitFor()
    expect(await page.getByRole('button', { name: 'Start the comparison' }).isDisabled()).toBe(true)
  })

  it('says what a plan will take, and what does not fit', async () => {
    const { page } = await openScreen()
    await expect.poll(() => page.locator('.estimate').innerText()).toMatch(/Takes about\s+\d+ s/)
    await page.getByRole('radio', { name: /^sha256/ }).click()
    await page.getByText('a number of tasks').click()
    await page.getByText('not known yet').waitFor()
  })

  it('repeats until it is precise, at most as often as is said, where that is chosen', async () => {
    const { page } = await openScreen()
    await setUpQuickly(page)
    await page.getByText('until it is precise').click()
    await page.getByLabel('At most trials').fill('4')
    await page
      .getByText('4 is not allowed; allowed: a whole number from 5 to 1000')
      .first()
      .waitFor()
    await page.getByLabel('At most trials').fill('6')
    await expect
      .poll(() => page.locator('.estimate').innerText())
      .toMatch(/Takes at most about\s+\d+ s/)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Start the comparison' }).click()
    await page.getByText(/trial \d+ of at most 12/).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText(stopped).first().waitFor()
  })

  it('takes a sample plan, and a plan from a file', async () => {
    const { page } = await openScreen()
    await page.getByLabel('Sample plans').selectOption('waiting')
    await page.getByText('Worker counts of the plan: 2, 8.').waitFor()
    expect(await page.getByRole('radio', { name: /^sleep/ }).isChecked()).toBe(true)
    const file = (name: string, text: string) => ({
      ...{ name, mimeType: 'application/json', buffer: Buffer.from(text) },
    })
    await page
      .getByLabel('Plan file')
      .setInputFiles(file('a.json', '{"workload":"squares","workers":[3]}'))
    await expect.poll(() => page.getByRole('radio', { name: /^squares/ }).isChecked()).toBe(true)
    await page.getByLabel('Plan file').setInputFiles(file('b.json', '{"workload":"nothing"}'))
    await page.getByText('workload: "nothing" is unknown').waitFor()
    await page.getByLabel('Plan file').setInputFiles(file('c.json', 'nonsense'))
    await page.getByText('c.json is not JSON').waitFor()
  })

  it('goes on after a reload in mid-run, with all that was seen before', async () => {
    const { page } = await openScreen()
    await setUpLong(page)
    await page.getByRole('button', { name: 'Start the comparison' }).click()
    await page.locator(processesAreCurrent).waitFor()
    await page.reload()
    // The trial that had ended before is still there, drawn.
    await expect
      .poll(async () => Object.keys(await coloursOf(page, heat)).length)
      .toBeGreaterThan(0)
    const trial = await trialOf(page, 200)
    expect(trial).toBeGreaterThan(1)
    await expect.poll(() => trialOf(page, 200)).toBeGreaterThan(trial)
    await page.keyboard.press('Escape')
    await page.getByText(stopped).first().waitFor()
  })

  it('shows the same run in a second tab, which can stop it', async () => {
    const { page, served } = await openScreen()
    await setUpQuickly(page, '20')
    await page.keyboard.press('Control+Enter')
    await page.getByText('trial 1 of 2').waitFor()
    const second = await page.context().newPage()
    await second.goto(`http://127.0.0.1:${served.port}/`)
    await second.getByText('trial 1 of 2').waitFor()
    await second.getByRole('button', { name: /^Stop/ }).click()
    for (const tab of [page, second]) {
      await tab.getByText(stopped).first().waitFor()
    }
  })

  it('catches up when its connection comes back', async () => {
    const { page, served } = await openScreen()
    let cut = () => {}
    let isCut = false
    const tab = await page.context().newPage()
    await tab.routeWebSocket(/\/socket$/, (socket) => {
      if (isCut) return void socket.close()
      const server = socket.connectToServer()
      cut = () => {
        isCut = true
        void server.close()
        void socket.close()
      }
    })
    await tab.goto(`http://127.0.0.1:${served.port}/`)
    await setUpLong(tab)
    await tab.getByRole('button', { name: 'Start the comparison' }).click()
    const cutIn = await trialOf(tab, 200)
    cut()
    await tab.getByText('The lab cannot be reached.').waitFor()
    await expect.poll(() => trialOf(page, 200)).toBeGreaterThan(cutIn + 1)
    isCut = false
    await tab.getByText('The lab cannot be reached.').waitFor({ state: 'hidden' })
    await expect.poll(() => trialOf(tab, 200)).toBeGreaterThan(cutIn + 1)
    await expect.poll(async () => Object.keys(await coloursOf(tab, heat)).length).toBeGreaterThan(0)
    await page.keyboard.press('Escape')
    // It has counted those too that it has not seen.
    const [words = '', others] = await Promise.all(
      [page, tab].map((each) => each.getByText(/^interrupted: .* of 200 trials were/).innerText()),
    )
    expect(others).toBe(words)
  })

  it('shows a second run afresh in the tab that watched and stopped the first', async () => {
    const { page, served } = await openScreen()
    await setUpQuickly(page, '20')
    await page.keyboard.press('Control+Enter')
    await page.getByText('· working').waitFor()
    await page.getByRole('button', { name: /^Stop/ }).click()
    await page.getByText(stopped).first().waitFor()
    // Another tab starts the next one.
    const second = await page.context().newPage()
    await second.goto(`http://127.0.0.1:${served.port}/`)
    await second.getByRole('button', { name: 'New comparison' }).click()
    await setUpQuickly(second, '20')
    await second.keyboard.press('Control+Enter')
    await page.getByText('· working').waitFor()
    const column = page.locator('.column[data-resting="false"]')
    await expect.poll(() => column.locator('tbody tr').count()).toBe(2)
    await expect.poll(() => column.locator('tbody').innerText()).toMatch(/working[\s\S]*working/)
    await page.getByRole('button', { name: /^Stop/ }).click()
    await page.getByText(stopped).first().waitFor()
    // What was broken off works no more.
    await expect
      .poll(async () => (await page.locator('.workers tbody').allInnerTexts()).join('\n'))
      .not.toContain('working')
  })

  it('says that a window is not known any more where Corescope was started again', async () => {
    const { page, served } = await openScreen('again')
    await page.getByRole('button', { name: 'Start the comparison' }).waitFor()
    served.child.kill('SIGINT')
    await served.ended
    await page.getByText('The lab cannot be reached.').waitFor()
    const next = await serve(scratch.path('again.db'), '--port', String(served.port))
    await page.getByText('This window is not known any more').waitFor()
    await page.goto(next.link)
    await page.getByRole('button', { name: 'Start the comparison' }).waitFor()
    next.child.kill('SIGINT')
    await next.ended
  })

  it('tells of a trial whose host was killed, and goes on with the next', async () => {
    const { page, served } = await openScreen()
    await setUpQuickly(page, '3')
    await page.getByRole('button', { name: 'Start the comparison' }).click()
    await page.getByText('· working').waitFor()
    let hosts: number[] = []
    await until('a host is there', async () => {
      hosts = await hostsBelow(served.child.pid as number)
      return hosts.length === 1
    })
    process.kill(hosts[0] as number, 'SIGKILL')
    await page.getByText(/failed: the host ended by signal SIGKILL/).waitFor()
    await page.getByText(kept).waitFor({ timeout: 30_000 })
    await page.getByText(/The run failed: .* What was measured before is kept./).waitFor()
  })
})

describe('the time axis', () => {
  it('has one cursor and one zoom for all columns, by pointer and by keyboard', async () => {
    const { page } = await openScreen()
    await runQuickly(page)
    const plots = page.locator('.column[data-model="threads"] .plots')
    const box = await plots.boundingBox()
    if (box === null) throw new Error('nothing is drawn')
    const at = (share: number) => box.x + 60 + share * (box.width - 60)
    await page.mouse.move(at(0.5), box.y + 100)
    for (const model of ['threads', 'processes']) {
      const column = page.locator(`.column[data-model="${model}"]`)
      expect(await column.locator('[data-overlay="cursor"]').isVisible()).toBe(true)
      expect(await column.locator('[data-read-out="cores"]').innerText()).toMatch(
        /at -?\d+ ms|at \d/,
      )
    }
    const before = await coloursOf(page, heat)
    await page.mouse.down()
    await page.mouse.move(at(0.8), box.y + 100, { steps: 4 })
    await page.mouse.up()
    const out = page.getByRole('button', { name: 'Zoom out' })
    await expect.poll(() => out.isEnabled()).toBe(true)
    await expect.poll(() => coloursOf(page, heat)).not.toEqual(before)
    await plots.dblclick()
    await expect.poll(() => out.isDisabled()).toBe(true)
    await page.mouse.move(0, 0)

    const time = page.getByRole('slider', { name: 'Time from the release of the barrier' })
    await time.focus()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => page.locator('.cursor-time').innerText()).not.toBe('latest')
    await page.getByRole('button', { name: 'Zoom in' }).press('Enter')
    await expect.poll(() => out.isEnabled()).toBe(true)
    await page.getByRole('button', { name: 'Show all, and the latest' }).press('Enter')
    expect(await page.locator('.cursor-time').innerText()).toBe('latest')
  })

  it('is paused with the space bar while measuring goes on', async () => {
    const { page } = await openScreen()
    await setUpLong(page)
    await page.keyboard.press('Control+Enter')
    await page.getByText('· working').waitFor()
    await page.locator('h1').click()
    await page.keyboard.press('Space')
    await page.getByText('drawing paused; measuring goes on').waitFor()
    await nextPicture(page)
    const held = await coloursOf(page, heat)
    const pausedIn = await trialOf(page, 200)
    await expect.poll(() => trialOf(page, 200)).toBeGreaterThan(pausedIn + 1)
    expect(await coloursOf(page, heat)).toEqual(held)
    await page.keyboard.press('Space')
    await expect.poll(() => coloursOf(page, heat)).not.toEqual(held)
    // Nothing goes on when the run has ended: then it is not paused either.
    await page.keyboard.press('Space')
    await page.getByText('drawing paused; measuring goes on').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText(stopped).first().waitFor()
    await page.getByText('drawing paused; measuring goes on').waitFor({ state: 'hidden' })
  })
})

describe('saved runs', () => {
  it('are listed, renamed in place, searched, sorted, deleted, and brought back', async () => {
    const { page } = await openScreen()
    await runQuickly(page, '0.2')
    await page.getByRole('button', { name: 'New comparison' }).click()
    const isGoing = await watchFor(page, '.watch-head .danger')
    await page.getByRole('button', { name: 'Start the comparison' }).click()
    await isGoing()
    await page.getByText(kept).waitFor({ timeout: 30_000 })
    await page.getByRole('link', { name: 'Saved runs' }).click()
    await page.getByText('2 runs').waitFor()
    const labels = () => page.locator('td[data-column="label"]').allInnerTexts()

    await page.getByRole('button', { name: 'Edit the label of run 1' }).click()
    await page.getByLabel('Label of run 1').fill('أول "تجربة" <b>one</b>')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'أول "تجربة" <b>one</b>' }).waitFor()
    await page.getByRole('button', { name: 'Edit the label of run 2' }).click()
    await page.getByLabel('Label of run 2').fill('never')
    await page.keyboard.press('Escape')
    expect(await labels()).toEqual(['primes: threads, processes', 'أول "تجربة" <b>one</b>'])

    await page.getByRole('button', { name: 'When', exact: true }).click()
    await expect.poll(labels).toEqual(['أول "تجربة" <b>one</b>', 'primes: threads, processes'])
    await page.getByLabel('Search the saved runs').fill('تجربة PRIMES')
    await expect.poll(labels).toEqual(['أول "تجربة" <b>one</b>'])
    await page.getByLabel('Search the saved runs').fill('nothing of the kind')
    await page.getByText('No run has all of these words.').waitFor()
    await page.getByLabel('Search the saved runs').fill('')

    await page.getByRole('button', { name: 'Delete run 2' }).click()
    await expect.poll(labels).toEqual(['أول "تجربة" <b>one</b>'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('2 runs').waitFor()
  })

  it('are opened in the columns they were watched in, and exported', async () => {
    const { page, complaints } = await openScreen()
    await runQuickly(page)
    const rate = '.column[data-model="processes"] [data-read-out="throughput"]'
    await nextPicture(page)
    const live = await page.locator(rate).innerText()
    await page.getByRole('button', { name: 'Open the saved run' }).click()
    await page.getByRole('combobox', { name: 'Trial of threads' }).waitFor()
    await expect.poll(() => page.locator(rate).innerText()).toBe(live)
    await expect
      .poll(async () => Object.keys(await coloursOf(page, heat)).length)
      .toBeGreaterThan(0)

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export this run' }).click()
    await page.getByRole('menuitem', { name: 'Trials, as CSV' }).click()
    const file = await download
    expect(file.suggestedFilename()).toBe('corescope-run-1-trials.csv')
    const rows = parse(await readFile(await file.path()), { columns: true }) as Record<
      string,
      string
    >[]
    expect(rows.map(({ model }) => model).sort()).toEqual(['processes', 'threads'])
    const shown = Number(live.replace(/[^\d.]/g, ''))
    const exported = Number(rows.find(({ model }) => model === 'processes')?.throughput_per_s)
    expect(exported / shown).toBeCloseTo(1, 2)
    expect(complaints).toEqual([])
  })

  it('are opened while they go on, and again when they have ended', async () => {
    const { page, served } = await openScreen()
    // A page takes its time to come up, which a run does not wait for.
    const second = await page.context().newPage()
    await second.goto(`http://127.0.0.1:${served.port}/#/runs`)
    await second.getByText('No run is kept yet.').waitFor()
    await setUpQuickly(page, '3')
    await page.keyboard.press('Control+Enter')
    await page.getByText('· working').waitFor()
    await second.getByRole('link', { name: /^primes/ }).click()
    await second.getByText('This run is still going on.').waitFor()
    await page.getByText(kept).waitFor({ timeout: 30_000 })
    await second
      .getByRole('region', { name: 'What the run says' })
      .getByText('2 processes')
      .waitFor()
    const rate = '.column[data-model="threads"] [data-read-out="throughput"]'
    const shown = async (tab: typeof page) => ({
      rows: await tab.locator('.workers tbody tr').allInnerTexts(),
      rate: await tab.locator(rate).innerText(),
    })
    // Neither tab draws the last of a run at once.
    await vi.waitFor(async () => expect(await shown(second)).toEqual(await shown(page)), 20_000)
  })

  it('with several numbers of workers are looked at one number at a time', async () => {
    const { page } = await openScreen()
    const plan = { duration_s: 0.2, repeat: 1, warmup: 0, parameters: { n: 2000 }, workers: [1, 2] }
    await page.getByLabel('Plan file').setInputFiles({
      ...{ name: 'a.json', mimeType: 'application/json' },
      buffer: Buffer.from(JSON.stringify(plan)),
    })
    await page.getByText('Worker counts of the plan: 1, 2.').waitFor()
    await page.getByRole('button', { name: 'Start the comparison' }).click()
    await page.getByText(kept).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Open the saved run' }).click()
    await page.getByRole('button', { name: 'Run again…' }).waitFor()
    for (const count of ['2', '1']) {
      await page.getByLabel('Workers', { exact: true }).selectOption(count)
      await page.getByRole('region', { name: `Threads × ${count}`, exact: true }).waitFor()
      await page.getByRole('region', { name: `Processes × ${count}`, exact: true }).waitFor()
      const ratios = page.locator('.differences .ratio')
      await expect.poll(() => ratios.first().innerText()).toMatch(/^\d[\d.]*×$/)
    }
  })

  it('say in words that they were deleted in another tab', async () => {
    const { page, served } = await openScreen()
    await runQuickly(page, '0.2')
    const second = await page.context().newPage()
    await second.goto(`http://127.0.0.1:${served.port}/#/runs/1`)
    await second.getByRole('button', { name: 'Run again…' }).waitFor()
    await page.getByRole('link', { name: 'Saved runs' }).click()
    await page.getByRole('button', { name: 'Delete run 1' }).click()
    await second.getByText('Run 1 cannot be shown').waitFor()
    await second.getByText(/there is no run 1 in/).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await second.getByRole('button', { name: 'Run again…' }).waitFor()
  })

  it('that cannot be read are told of, and asked for again', async () => {
    const path = scratch.path('newer.db')
    const database = new BetterSqlite3(path)
    database.pragma('application_id = 1131377253')
    database.pragma('user_version = 999')
    database.exec('CREATE TABLE later (x)')
    database.close()
    const { page } = await openScreen('newer')
    await page.getByRole('link', { name: 'Saved runs' }).click()
    await page.getByText(/newer Corescope \(database version 999/).waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText(/newer Corescope/).waitFor()
  })
})

describe('for everybody', () => {
  it('everything can be done with the keyboard alone', async () => {
    const { page } = await openScreen()
    const focusOn = async (name: RegExp) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab')
        const focused = await page.evaluate(() => {
          const element = document.activeElement as HTMLElement
          const style = getComputedStyle(element)
          const ring = element.closest('.slider-thumb, .number-group') ?? element
          const outline = `${style.outlineStyle} ${getComputedStyle(ring).outlineStyle}`
          // Between the last and the first it is the browser's own turn.
          if (element === document.body) return { name: '', outline: 'solid' }
          return { name: element.getAttribute('aria-label') ?? element.innerText, outline }
        })
        expect(focused.outline).toContain('solid')
        if (name.test(focused.name)) return
      }
      throw new Error(`no way to ${name} by keyboard`)
    }
    await page.getByRole('button', { name: 'Start the comparison' }).waitFor()
    await focusOn(/Skip to the content/)
    await focusOn(/primes/)
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => page.getByRole('radio', { name: /^sha256/ }).isChecked()).toBe(true)
    await focusOn(/^Workers$/)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => page.locator('.slider-value').innerText()).toMatch(/^1 /)
    await page.keyboard.press('Control+Enter')
    await page.getByText('trial 1 of 8').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText(stopped).first().waitFor()
    await focusOn(/Saved runs/)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Export run 1' }).waitFor()
    await focusOn(/Export run 1/)
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('menuitem').first().waitFor({ state: 'hidden' })
    await focusOn(/Delete run 1/)
    await page.keyboard.press('Enter')
    await page.getByText('No run is kept yet.').waitFor()
  })

  it('no view breaks a rule of accessibility that a program can check, in either theme', async () => {
    const { page } = await openScreen()
    await page.getByRole('button', { name: 'Start the comparison' }).waitFor()
    await expectAccessible(page)
    await setUpQuickly(page, '3')
    await page.keyboard.press('Control+Enter')
    await page.getByText('· working').waitFor()
    await expectAccessible(page)
    await page.getByText(kept).waitFor({ timeout: 60_000 })
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Saved runs' }).click()
    await page.getByText('1 run').waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: /^primes/ }).click()
    await page.getByRole('combobox', { name: 'Trial of threads' }).waitFor()
    await expectAccessible(page)
  })
})

/** Hosts of trials that a web shell has going: its own, since another checkout's may run beside it. */
async function hostsBelow(shell: number): Promise<number[]> {
  const { execFileSync } = await import('node:child_process')
  const all = execFileSync('ps', ['-axo', 'pid,ppid,args'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => {
      const [pid, parent] = line.trim().split(/\s+/, 2).map(Number)
      return { pid: pid as number, parent, isHost: line.includes('out/programs/host.cjs') }
    })
  const below = new Set([shell])
  // A set that grows while it is walked through is walked to its new end.
  for (const one of below) {
    for (const { pid, parent } of all) if (parent === one) below.add(pid)
  }
  return all.filter(({ pid, isHost }) => isHost && below.has(pid)).map(({ pid }) => pid)
}
