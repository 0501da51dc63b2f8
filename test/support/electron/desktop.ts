import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Frame, Page, Request, Route } from 'playwright'
import { afterAll, afterEach, test } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { link, type Remote } from './link.ts'
import { bindingName, deliveryEvent, runPreload } from './preload-world.ts'
import {
  type AppSide,
  type DialogKind,
  type DisplaySide,
  type Machine,
  machineVariable,
} from './sides.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const starter = join(import.meta.dirname, 'start.ts')
const mainProgram = join(root, 'out/main/index.js')

/** Where Chromium sees what Electron would show at `corescope://app/`. */
const webOrigin = 'https://app.corescope.test/'
const appOrigin = 'corescope://app/'
const toWeb = (url: string) => url.replace(appOrigin, webOrigin)
const toApp = (url: string) => url.replace(webOrigin, appOrigin)

export interface DesktopOptions {
  /** Folder that stands for the user's own, with the database; one of its own unless given. */
  readonly home?: string
  readonly args?: readonly string[]
  /** The built main program, where it is not the project's. */
  readonly program?: string
  readonly displays?: Machine['displays']
  readonly platform?: NodeJS.Platform
  readonly isDark?: boolean
  /** Whether the page's own scripts run; without them a test has the bridge for itself. */
  readonly hasScripts?: boolean
  readonly environment?: Readonly<Record<string, string>>
}

/** A dialog that the app shows, until it is answered. */
export interface ShownDialog {
  readonly kind: DialogKind
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what each kind is shown with.
  readonly options: any
  answer(value: object): void
}

/** The desktop app, running on the stand-in for Electron. */
export interface Desktop {
  readonly home: string
  readonly database: string
  readonly processId: number
  /** What the user and the system do to the app. */
  readonly app: Remote<AppSide>
  /** The window's page. */
  readonly page: Page
  readonly isWindowOpen: boolean
  /** Ends with the exit code; null where it was killed. */
  readonly exited: Promise<number | null>
  readonly errorBoxes: readonly { readonly title: string; readonly content: string }[]
  readonly openedOutside: readonly string[]
  /** Addresses beyond the app that the page tried to reach. */
  readonly reachedFor: readonly string[]
  readonly stderr: () => string
  nextDialog(): Promise<ShownDialog>
  kill(signal: NodeJS.Signals): void
  /** Closes the channel by which a launcher would hold the app. */
  letGo(): void
}

/** Opens desktops. */
export interface Desktops {
  /** Starts the app, and waits for its window to be shown. */
  openDesktop(options?: DesktopOptions): Promise<Desktop>
  /** Starts the app, and waits for nothing: it may never open a window. */
  startDesktop(options?: DesktopOptions): Promise<Desktop>
}

/**
 * Gives a test file desktops to open: `const { openDesktop } = desktops()`. They are ended after each
 * test, and their browser after the last.
 */
export function desktops(): Desktops {
  const opened = new OpenedDesktops(browserOfFile())
  afterEach(() => opened.end())
  return opened
}

/**
 * Gives a test file tests with desktops of their own, so that several may run at once: `const it =
 * desktopTests()`, and `it.concurrent('…', async ({ openDesktop }) => …)`.
 *
 * @param usual what holds for all of them unless they say otherwise
 */
export function desktopTests(usual: DesktopOptions = {}) {
  const browser = browserOfFile()
  return test
    .extend('desktops', async ({ onTestFinished }) => {
      const opened = new OpenedDesktops(browser, usual)
      onTestFinished(() => opened.end())
      return opened
    })
    .extend('openDesktop', async ({ desktops: { openDesktop } }) => openDesktop)
    .extend('startDesktop', async ({ desktops: { startDesktop } }) => startDesktop)
}

function browserOfFile(): () => Promise<Browser> {
  let browser: Promise<Browser> | undefined
  afterAll(async () => (await browser)?.close())
  return () => {
    browser ??= launchChromium()
    return browser
  }
}

class OpenedDesktops implements Desktops {
  readonly #browser: () => Promise<Browser>
  readonly #usual: DesktopOptions
  readonly #endings: (() => Promise<void>)[] = []

  constructor(browser: () => Promise<Browser>, usual: DesktopOptions = {}) {
    this.#browser = browser
    this.#usual = usual
  }

  readonly startDesktop = async (given: DesktopOptions = {}) => {
    const options = { ...this.#usual, ...given }
    const home = options.home ?? (await mkdtemp(join(tmpdir(), 'corescope-home-')))
    if (options.home === undefined) {
      this.#endings.push(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
    }
    const desktop = new RunningDesktop(await this.#browser(), home, options)
    this.#endings.push(() => desktop.end())
    return desktop
  }

  readonly openDesktop = async (options: DesktopOptions = {}) => {
    const desktop = await this.startDesktop(options)
    await desktop.shown
    return desktop
  }

  async end(): Promise<void> {
    for (const end of this.#endings.splice(0).reverse()) await end()
  }
}

class RunningDesktop implements Desktop {
  readonly home: string
  readonly database: string
  readonly app: Remote<AppSide>
  readonly exited: Promise<number | null>
  readonly errorBoxes: { title: string; content: string }[] = []
  readonly openedOutside: string[] = []
  readonly reachedFor: string[] = []
  /** The window has been shown; rejects where the app ends before. */
  readonly shown: Promise<void>
  readonly #child: ChildProcess
  readonly #browser: Browser
  readonly #dialogs: ShownDialog[] = []
  #dialogWanted: ((dialog: ShownDialog) => void) | null = null
  #context: BrowserContext | null = null
  #page: Page | null = null
  #stderr = ''
  #isDark: boolean
  readonly #hasScripts: boolean
  /** An address that the app itself has asked for. */
  #isLoading = false
  #delivered: Promise<unknown> = Promise.resolve()
  /** Done when the app knows of every document that the window has come to. */
  #navigated: Promise<unknown> = Promise.resolve()
  /** When each of those began, in ms: a new document has a time of its own. */
  #documents: number[] = []

  constructor(browser: Browser, home: string, options: DesktopOptions) {
    this.#browser = browser
    this.home = home
    this.database = join(home, 'runs.db')
    this.#isDark = options.isDark ?? false
    this.#hasScripts = options.hasScripts ?? true
    const machine: Machine = {
      home,
      displays: options.displays ?? [{ x: 0, y: 0, width: 1920, height: 1080 }],
      platform: options.platform ?? process.platform,
      isDark: this.#isDark,
    }
    this.#child = fork(starter, [options.program ?? mainProgram, ...(options.args ?? [])], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        CORESCOPE_DB: this.database,
        ...options.environment,
        [machineVariable]: JSON.stringify(machine),
      },
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      this.#stderr += part
    })
    this.exited = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)))
    const firstShown = Promise.withResolvers<void>()
    this.shown = firstShown.promise
    this.shown.catch(() => {})
    void this.exited.then((code) =>
      firstShown.reject(new Error(`the app has ended with ${code}\n${this.#stderr}`)),
    )
    const display: DisplaySide = {
      openWindow: (preload, content) => this.#openWindow(preload, content),
      load: (url) => this.#load((page) => page.goto(toWeb(url))),
      reload: () => this.#load((page) => page.reload()),
      shown: () => firstShown.resolve(),
      resize: (content) => this.page.setViewportSize(content),
      setDark: async (isDark) => {
        this.#isDark = isDark
        await this.#page?.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' })
      },
      deliver: (document, channel, args) => this.#deliver(document, channel, args),
      closeWindow: () => this.#closeWindow(),
      showDialog: (kind, shownWith) => this.#showDialog(kind, shownWith),
      showErrorBox: (title, content) => void this.errorBoxes.push({ title, content }),
      openExternal: (url) => void this.openedOutside.push(url),
    }
    this.app = link<AppSide>(this.#child, display)
  }

  get processId(): number {
    return this.#child.pid as number
  }

  get page(): Page {
    if (this.#page === null) throw new Error(`no window is open\n${this.#stderr}`)
    return this.#page
  }

  get isWindowOpen(): boolean {
    return this.#page !== null
  }

  stderr(): string {
    return this.#stderr
  }

  async nextDialog(): Promise<ShownDialog> {
    const shown = this.#dialogs.shift()
    if (shown !== undefined) return shown
    return new Promise((resolve) => {
      this.#dialogWanted = resolve
    })
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  letGo(): void {
    this.#child.disconnect()
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL')
      await this.exited
    }
    await this.#closeWindow()
  }

  async #openWindow(preload: string, content: { width: number; height: number }): Promise<void> {
    const context = await this.#browser.newContext({
      viewport: content,
      colorScheme: this.#isDark ? 'dark' : 'light',
      serviceWorkers: 'block',
    })
    this.#context = context
    const page = await context.newPage()
    this.#page = page
    await context.exposeBinding(
      bindingName,
      async ({ frame }, channel: string, args: readonly unknown[]) => {
        // Electron hears of a document before it hears anything from it.
        await this.#navigated
        const answer = this.app.invoke(channel, args, {
          url: toApp(frame.url()),
          isMainFrame: frame === page.mainFrame(),
          isOurWindow: frame.page() === page,
        })
        await answer.catch(() => {})
        // What was sent before the answer is there before it, too.
        await this.#delivered
        return answer
      },
    )
    const names = JSON.stringify({ binding: bindingName, delivery: deliveryEvent })
    const source = await readFile(preload, 'utf8')
    await page.addInitScript(
      `(${runPreload})(function (require, module, exports) {${source}\n}, ${names})`,
    )
    // Where the app has ended meanwhile there is nobody to answer.
    await context.route('**/*', (route) => this.#answer(route).catch(() => {}))
    const documents: number[] = []
    this.#documents = documents
    // Within a document Electron tells of no navigation.
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame() || !frame.url().startsWith(webOrigin)) return
      const url = toApp(frame.url())
      this.#navigated = this.#navigated.then(async () => {
        const began = await frame.evaluate(() => performance.timeOrigin).catch(() => Number.NaN)
        if (began === documents.at(-1)) return
        documents.push(began)
        await this.app.navigated(url).catch(() => {})
      })
    })
    // Electron would not have made it.
    page.on('popup', (popup) => popup.close())
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request()
    const url = toApp(request.url())
    if (request.isNavigationRequest() && !(await this.#isNavigationAllowed(request, url))) {
      return route.abort('aborted')
    }
    if (!this.#hasScripts && request.resourceType() === 'script') return route.abort()
    if (!url.startsWith(appOrigin)) {
      this.reachedFor.push(url)
      return route.abort('blockedbyclient')
    }
    const { status, headers, body } = await this.app.request(url, request.method())
    return route.fulfill({ status, headers: { ...headers }, body: Buffer.from(body) })
  }

  async #isNavigationAllowed(request: Request, url: string): Promise<boolean> {
    if (this.#isLoading) return true
    const page = this.page
    const frame = frameOf(request)
    if (frame?.page() !== page) return this.app.mayOpenWindow(url)
    const isMainFrame = frame === page.mainFrame()
    // Reloading is the user's own; Electron asks nobody.
    if (isMainFrame && url === toApp(page.url())) return true
    if (!(await this.app.mayNavigate('will-frame-navigate', url, isMainFrame))) return false
    return !isMainFrame || this.app.mayNavigate('will-navigate', url, isMainFrame)
  }

  async #load(load: (page: Page) => Promise<unknown>): Promise<void> {
    this.#isLoading = true
    try {
      await load(this.page)
      await this.#navigated
    } finally {
      this.#isLoading = false
    }
  }

  /**
   * One after the other: Electron keeps the order too. What was sent to a document that has been left
   * meanwhile is not for the next.
   *
   * @param sentTo the document, counted from 1 by those that the app knew of
   */
  #deliver(sentTo: number, channel: string, args: readonly unknown[]): void {
    const page = this.#page
    const sent = { type: deliveryEvent, detail: { channel, args }, to: this.#documents[sentTo - 1] }
    this.#delivered = this.#delivered
      .then(() =>
        page?.evaluate(({ type, detail, to }) => {
          if (performance.timeOrigin !== to) return
          document.dispatchEvent(new CustomEvent(type, { detail }))
        }, sent),
      )
      // The page has been left meanwhile.
      .catch(() => {})
  }

  #showDialog(kind: DialogKind, options: object): Promise<unknown> {
    return new Promise((resolve) => {
      const shown: ShownDialog = { kind, options, answer: resolve }
      if (this.#dialogWanted === null) this.#dialogs.push(shown)
      else this.#dialogWanted(shown)
      this.#dialogWanted = null
    })
  }

  async #closeWindow(): Promise<void> {
    const context = this.#context
    this.#context = null
    this.#page = null
    await context?.close()
  }
}

/** Null where the page that it is for is only being made. */
function frameOf(request: Request): Frame | null {
  try {
    return request.frame()
  } catch {
    return null
  }
}
