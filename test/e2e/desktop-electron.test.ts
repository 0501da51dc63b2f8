import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { afterEach, describe, expect, it } from 'vitest'
import { corescope, ourProcesses } from '../support/command.ts'
import { ask, startEndless, untilTold, watch } from '../support/page-lab.ts'
import { until } from '../support/scratch.ts'
import { quickPlan } from '../support/served.ts'

/*
 * The desktop app in the real Electron. Its binary is not part of its package: where it has not been
 * downloaded, or there is no screen to show a window on, these tests are skipped, and say so.
 */
const root = join(import.meta.dirname, '..', '..')

/** Where Electron's package has put its binary; asking the package itself would download it. */
function electronBinary(): string | null {
  const folder = join(root, 'node_modules/electron')
  const name = join(folder, 'path.txt')
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist')
  const path = join(dist, existsSync(name) ? readFileSync(name, 'utf8') : 'electron')
  return existsSync(path) ? path : null
}

const binary = electronBinary()
const hasScreen =
  process.platform !== 'linux' ||
  process.env.DISPLAY !== undefined ||
  process.env.WAYLAND_DISPLAY !== undefined

const whyNot =
  binary === null
    ? 'Electron’s binary is not here (npx install-electron)'
    : hasScreen
      ? null
      : 'there is no display (xvfb-run npm test)'
if (whyNot !== null) process.stderr.write(`desktop-electron: skipped, because ${whyNot}\n`)

const name = `the desktop app in Electron${whyNot === null ? '' : `, skipped: ${whyNot}`}`
describe.skipIf(whyNot !== null)(name, () => {
  let app: ElectronApplication | undefined
  let home = ''
  afterEach(async () => {
    const process = app?.process()
    app = undefined
    if (process?.exitCode === null) {
      const ended = new Promise((resolve) => process.once('exit', resolve))
      process.kill('SIGKILL')
      await ended
    }
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  })

  async function open(): Promise<{
    electron: ElectronApplication
    page: Page
    exited: Promise<number | null>
  }> {
    home = await mkdtemp(join(tmpdir(), 'corescope-home-'))
    // Chromium refuses to start its sandbox for root.
    const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const electron = await _electron.launch({
      executablePath: binary as string,
      args: [...flags, `--user-data-dir=${join(home, 'user')}`, root],
      env: {
        ...(process.env as Record<string, string>),
        CORESCOPE_DB: join(home, 'runs.db'),
        XDG_CONFIG_HOME: join(home, 'config'),
      },
    })
    app = electron
    const exited = new Promise<number | null>((resolve) => electron.process().once('exit', resolve))
    const page = await electron.firstWindow()
    await page.waitForLoadState('load')
    return { electron, page, exited }
  }

  /** Answers the next message boxes by the names of their buttons, instead of a user. */
  async function answerMessages(electron: ElectronApplication, ...buttons: string[]) {
    await electron.evaluate(({ dialog }, wanted) => {
      const left = [...wanted]
      dialog.showMessageBox = (async (...args: unknown[]) => {
        const { buttons: shown = [] } = args.at(-1) as Electron.MessageBoxOptions
        return { response: shown.indexOf(left.shift() as string), checkboxChecked: false }
      }) as typeof dialog.showMessageBox
    }, buttons)
  }

  it('opens one window, sandboxed, at the page of the app’s own protocol', async () => {
    const { electron, page } = await open()
    expect(page.url()).toBe('corescope://app/')
    expect(await page.title()).toBe('Corescope')
    expect(electron.windows()).toHaveLength(1)
    const native = await electron.browserWindow(page)
    expect(
      await native.evaluate((shown: Electron.BrowserWindow) => ({
        isVisible: shown.isVisible(),
        isLargeEnough: shown.getContentSize().every((each) => each >= 640),
      })),
    ).toEqual({ isVisible: true, isLargeEnough: true })
    expect(
      await page.evaluate(() => ['require', 'process'].filter((each) => each in window)),
    ).toEqual([])
    expect(await page.evaluate(() => Object.keys(window.corescope))).toEqual(['request', 'onEvent'])
  })

  it('keeps to its page and its policy', async () => {
    const { electron, page } = await open()
    const breach = await page.evaluate(async () => {
      const breached = new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) =>
          resolve(event.effectiveDirective),
        )
      })
      await fetch('https://example.com/').catch(() => {})
      return breached
    })
    expect(breach).toBe('connect-src')
    await page.evaluate(() => {
      window.open('https://example.com/')
      location.href = 'https://example.com/'
    })
    await page.waitForTimeout(500)
    expect(page.url()).toBe('corescope://app/')
    expect(electron.windows()).toHaveLength(1)
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied')
  })

  it('runs a comparison to its end, and exports it through the save dialog', async () => {
    const { electron, page } = await open()
    expect(await ask(page, 'describe', {})).toMatchObject({ shell: 'desktop' })
    await watch(page)
    const { runId } = await ask(page, 'start', { plan: quickPlan })
    await untilTold(
      page,
      'the end of the run',
      (event) => event.type === 'run' && event.event.type === 'run-ended',
    )
    const { run } = await ask(page, 'run', { id: runId })
    expect(run).toMatchObject({ status: 'done', trials_done: 2 })
    expect(run.environment?.electron_version).toMatch(/^\d+\./)

    const path = join(home, 'trials.csv')
    await electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    }, path)
    expect(await ask(page, 'export', { of: { run: runId }, form: 'trials.csv' })).toEqual({
      kind: 'saved',
      path,
    })
    const rows: Record<string, string>[] = parse(await readFile(path), { columns: true })
    expect(rows.map((row) => row.model).toSorted()).toEqual(['processes', 'threads'])
  })

  it('asks before it quits in mid-run, and leaves nothing behind', async () => {
    const { electron, page, exited } = await open()
    await startEndless(page)
    await answerMessages(electron, 'Keep running', 'Stop the run and quit')
    const quit = () => electron.evaluate(({ app: running }) => setImmediate(() => running.quit()))
    await quit()
    await page.waitForTimeout(500)
    expect(electron.process().exitCode).toBe(null)
    await quit()
    expect(await exited).toBe(0)
    const { stdout } = await corescope(join(home, 'runs.db'), 'show', 'last', '--json')
    expect(JSON.parse(stdout).run).toMatchObject({ status: 'interrupted' })
    await until('no process of ours', async () => (await ourProcesses()).length === 0)
  })
})
