import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { RunLibrary } from '../../src/engine/storage/run-library.ts'
import { channels } from '../../src/shared/bridge.ts'
import { type LabEvent, menuCommands } from '../../src/shared/contract.ts'
import { corescope, ourProcesses } from '../support/command.ts'
import { type Desktop, desktopTests } from '../support/electron/desktop.ts'
import type { ShownMenuItem } from '../support/electron/sides.ts'
import { ask, send, startEndless, told, untilTold, watch } from '../support/page-lab.ts'
import { scratchFolder, until } from '../support/scratch.ts'
import { quickPlan } from '../support/served.ts'

/*
 * The built desktop app, run by a test double of Electron (test/support/electron/module/electron.ts)
 * with a page of a real Chromium as its window. What the page asks for here it asks over its bridge;
 * what a user does in the page is in desktop-page.test.ts.
 */
const scratch = scratchFolder()

// Without the page's own scripts, which would answer the menu, and start to watch by themselves.
const it = desktopTests({ hasScripts: false })

const ourPage = { url: 'corescope://app/', isMainFrame: true, isOurWindow: true }
const describeRequest = { method: 'describe', parameters: {} }

async function runShort({ page }: Desktop): Promise<number> {
  const { runId } = await ask(page, 'start', { plan: quickPlan })
  await untilTold(
    page,
    'the end of the run',
    (event) => event.type === 'run' && event.event.type === 'run-ended',
  )
  return runId
}

async function lastRun(database: string) {
  return JSON.parse((await corescope(database, 'show', 'last', '--json')).stdout).run
}

describe.concurrent('the page', () => {
  it('comes from the app’s own protocol, with a policy that the browser enforces', async ({
    openDesktop,
  }) => {
    const { page, app, reachedFor } = await openDesktop()
    expect(await page.title()).toBe('Corescope')
    const { headers } = await app.request('corescope://app/', 'GET')
    expect(headers['content-security-policy']).toContain(`default-src 'none'; script-src 'self'`)
    const breaches = await page.evaluate(async () => {
      const found: string[] = []
      document.addEventListener('securitypolicyviolation', (event) => {
        found.push(event.effectiveDirective)
      })
      const { head } = document
      head.append(Object.assign(document.createElement('style'), { textContent: 'p { top: 0 }' }))
      await fetch('https://example.com/').catch(() => {})
      try {
        head.append(Object.assign(document.createElement('script'), { textContent: 'top' }))
      } catch {}
      document.body.append(
        Object.assign(document.createElement('iframe'), { src: 'https://example.com/' }),
      )
      // They are told of a little later; one too many would be as well.
      const deadline = performance.now() + 10_000
      while (found.length < 4 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
      return found
    })
    expect(breaches.toSorted()).toEqual([
      'connect-src',
      'frame-src',
      'require-trusted-types-for',
      'style-src-elem',
    ])
    expect(reachedFor).toEqual([])
  })

  it('is given the bridge and nothing else', async ({ openDesktop }) => {
    const { page } = await openDesktop()
    const names = () =>
      Object.getOwnPropertyNames(window).filter((name) => !name.startsWith('__playwright'))
    // A page beside it that has no preload script.
    const plain = await page.context().newPage()
    await plain.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '' }))
    await plain.goto('https://app.corescope.test/')
    const usual = new Set(await plain.evaluate(names))
    expect((await page.evaluate(names)).filter((name) => !usual.has(name))).toEqual(['corescope'])
    expect(await page.evaluate(() => Object.keys(window.corescope))).toEqual(['request', 'onEvent'])
    expect(
      await page.evaluate(() => {
        const isFrozen = Object.isFrozen(window.corescope)
        return { isFrozen, hasNode: 'process' in window || 'require' in window }
      }),
    ).toEqual({ isFrozen: true, hasNode: false })
  })

  it('is told nothing of Electron with an event', async ({ openDesktop }) => {
    const { page } = await openDesktop()
    const given = await page.evaluate(
      () =>
        new Promise<unknown[]>((resolve) => {
          window.corescope.onEvent((...args) => resolve(args))
          void window.corescope.request({ method: 'watch', parameters: {} })
        }),
    )
    expect(given).toEqual([{ type: 'present', run: null }])
  })

  it('is all that the protocol serves: no path leads out of it', async ({ openDesktop }) => {
    const { app } = await openDesktop()
    for (const path of [
      '../main/index.js',
      '%2e%2e/main/index.js',
      '..%2fmain%2findex.js',
      '..\\main\\index.js',
      '/etc/passwd',
      'assets/../../../package.json',
      'assets/',
      'nowhere.js',
      'index.html/',
    ]) {
      const { status, headers, body } = await app.request(`corescope://app/${path}`, 'GET')
      expect({ status, length: body.length }, path).toEqual({ status: 404, length: 0 })
      expect(headers['x-content-type-options'], path).toBe('nosniff')
    }
  })

  it('is served to no other host, and by no other method', async ({ openDesktop }) => {
    const { app } = await openDesktop()
    expect(await app.request('corescope://other/', 'GET')).toMatchObject({ status: 404 })
    expect(await app.request('corescope://app/', 'POST')).toMatchObject({ status: 405 })
    expect(await app.request('corescope://app', 'GET')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    })
  })
})

describe.concurrent('a comparison', () => {
  it('is described, estimated, started, watched to its end and saved', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    const { page, database } = desktop
    expect(await ask(page, 'describe', {})).toMatchObject({
      shell: 'desktop',
      databasePath: database,
    })
    expect(await ask(page, 'estimate', { plan: quickPlan })).toMatchObject({
      problems: [],
      plan: { workload: 'primes', models: ['threads', 'processes'] },
    })
    await watch(page)
    const id = await runShort(desktop)
    const kinds = (await told(page)).map((event) =>
      event.type === 'run' ? event.event.type : event.type,
    )
    expect(kinds.slice(0, 2)).toEqual(['present', 'present'])
    for (const kind of [
      'runs-changed',
      'trial-started',
      'phase',
      'live',
      'compared',
      'run-ended',
    ]) {
      expect(kinds).toContain(kind)
    }
    expect(kinds.filter((kind) => kind === 'trial-ended')).toHaveLength(2)
    const { run, comparison } = await ask(page, 'run', { id })
    expect(run).toMatchObject({ status: 'done', trials_done: 2 })
    expect(comparison.sentences).not.toEqual([])
    expect(await ask(page, 'runs', {})).toMatchObject({ total: 1, runs: [{ id }] })
  })

  it('is found again by a page that is loaded anew', async ({ openDesktop }) => {
    const { page } = await openDesktop()
    await startEndless(page)
    await page.reload()
    await page.evaluate(() => {
      const told: LabEvent[] = []
      window.told = told
      window.corescope.onEvent((event) => told.push(event))
    })
    // It has not asked to watch yet, and the run goes on all the while.
    await page.waitForTimeout(500)
    expect(await told(page)).toEqual([])
    await watch(page)
    expect((await told(page))[0]).toMatchObject({ type: 'present', run: { runId: 1, current: 1 } })
    await untilTold(page, 'news', (event) => event.type === 'run')
    expect(await ask(page, 'stop', {})).toBe(true)
    await untilTold(
      page,
      'the end',
      (event) => event.type === 'run' && event.event.type === 'run-ended',
    )
  })
})

describe.concurrent('export', () => {
  it('writes what was chosen in the save dialog, and a table that can be read', async ({
    openDesktop,
  }) => {
    const desktop = await openDesktop()
    const { page, home } = desktop
    await watch(page)
    const id = await runShort(desktop)
    const outcome = ask(page, 'export', { of: { run: id }, form: 'trials.csv' })
    const dialog = await desktop.nextDialog()
    expect(dialog).toMatchObject({
      kind: 'save',
      options: {
        defaultPath: join(home, 'downloads', 'corescope-run-1-trials.csv'),
        filters: [{ extensions: ['csv'] }, { extensions: ['*'] }],
      },
    })
    await mkdir(scratch.path('table'))
    const path = scratch.path('table', 'trials.csv')
    dialog.answer({ canceled: false, filePath: path })
    expect(await outcome).toEqual({ kind: 'saved', path })
    const rows: Record<string, string>[] = parse(await readFile(path), { columns: true })
    expect(rows.map((row) => row.model).toSorted()).toEqual(['processes', 'threads'])
    expect(await readdir(scratch.path('table'))).toEqual(['trials.csv'])
  })

  it('writes the whole run as JSON', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    await watch(desktop.page)
    const id = await runShort(desktop)
    const outcome = ask(desktop.page, 'export', { of: { run: id }, form: 'run.json' })
    const path = scratch.path('run.json')
    ;(await desktop.nextDialog()).answer({ canceled: false, filePath: path })
    await outcome
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ run: { status: 'done' } })
  })

  it('writes nothing where the dialog is cancelled, and says why where it cannot', async ({
    openDesktop,
  }) => {
    const desktop = await openDesktop()
    const { page } = desktop
    await watch(page)
    const id = await runShort(desktop)
    const cancelled = ask(page, 'export', { of: { run: id }, form: 'workers.csv' })
    ;(await desktop.nextDialog()).answer({ canceled: true, filePath: '' })
    expect(await cancelled).toEqual({ kind: 'cancelled' })

    const place = scratch.path('refused')
    const folder = join(place, 'a folder')
    await mkdir(folder, { recursive: true })
    for (const [path, line] of [
      [join(place, 'nowhere', 'x.csv'), /^cannot write .*x\.csv: .* cannot be made there$/],
      [folder, /^cannot write .*a folder: .*a folder is a folder$/],
    ] as const) {
      const refused = send(page, {
        method: 'export',
        parameters: { of: { run: id }, form: 'workers.csv' },
      })
      ;(await desktop.nextDialog()).answer({ canceled: false, filePath: path })
      expect(await refused).toEqual({
        error: { code: 'output', message: expect.stringMatching(line), details: [] },
      })
    }
    expect(await readdir(place)).toEqual(['a folder'])
  })

  it('copies the database where the save dialog says', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    const { page, home } = desktop
    await watch(page)
    const id = await runShort(desktop)
    const cancelled = ask(page, 'backup', {})
    const dialog = await desktop.nextDialog()
    const name = `corescope-backup-${new Date().toISOString().slice(0, 10)}.db`
    expect(dialog).toMatchObject({
      kind: 'save',
      options: { title: 'Back up', defaultPath: join(home, 'downloads', name) },
    })
    dialog.answer({ canceled: true, filePath: '' })
    expect(await cancelled).toEqual({ kind: 'cancelled' })
    const outcome = ask(page, 'backup', {})
    const path = scratch.path('copy.db')
    ;(await desktop.nextDialog()).answer({ canceled: false, filePath: path })
    expect(await outcome).toEqual({ kind: 'saved', path })
    const { database } = openDatabase(path, 'read')
    expect(new RunLibrary(database).list().map((run) => run.id)).toEqual([id])
    database.close()
    const { path: itself } = (await ask(page, 'library', {})) as { readonly path: string }
    const refused = ask(page, 'backup', {})
    ;(await desktop.nextDialog()).answer({ canceled: false, filePath: itself })
    await expect(refused).rejects.toThrow('it is the database itself')
  })

  it('asks for no file for a run that is not there', async ({ openDesktop }) => {
    const { page } = await openDesktop()
    await expect(ask(page, 'export', { of: { run: 7 }, form: 'run.json' })).rejects.toThrow(
      'not-found',
    )
  })
})

describe.concurrent('importing a run', () => {
  it('reads the file that the dialog names, or none', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    const { page } = desktop
    await watch(page)
    const id = await runShort(desktop)
    const path = scratch.path('taken.json')
    const outcome = ask(page, 'export', { of: { run: id }, form: 'run.json' })
    ;(await desktop.nextDialog()).answer({ canceled: false, filePath: path })
    await outcome

    const cancelled = ask(page, 'import', {})
    const dialog = await desktop.nextDialog()
    expect(dialog).toMatchObject({
      kind: 'open',
      options: {
        title: 'Import a run',
        filters: [{ extensions: ['json'] }, { extensions: ['*'] }],
        properties: ['openFile'],
      },
    })
    dialog.answer({ canceled: true, filePaths: [] })
    expect(await cancelled).toBeNull()

    const choose = async (file: string) => {
      const answer = send(page, { method: 'import', parameters: {} })
      ;(await desktop.nextDialog()).answer({ canceled: false, filePaths: [file] })
      return answer
    }
    expect(await choose(path)).toEqual({ result: { id, isNew: false } })
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace(/"uid": "[^"]+"/, '"uid": "of-elsewhere"'))
    expect(await choose(path)).toEqual({ result: { id: id + 1, isNew: true } })
    await untilTold(page, 'the run that came', ({ type }) => type === 'runs-changed')
    expect((await ask(page, 'run', { id: id + 1 })).run.imported_at).not.toBeNull()

    await writeFile(path, text.slice(0, 1000))
    for (const [file, line] of [
      [path, /^taken\.json: run: it breaks off after 1000 bytes$/],
      [scratch.path('gone.json'), /gone\.json: there is no such file; allowed: a run that /],
      [scratch.path(), /: it is a folder; allowed: a run that /],
    ] as const) {
      const message = expect.stringMatching(line)
      expect(await choose(file)).toMatchObject({ error: { code: 'bad-input', message } })
    }
    expect((await ask(page, 'library', {})).runs).toBe(2)
  })
})

describe.concurrent('opening a plan', () => {
  const plan = { workload: 'squares', label: 'from a file' }
  let plans = 0
  const planFile = async (content: string) => {
    const folder = scratch.path(`plans ${++plans}`)
    await mkdir(folder)
    const path = join(folder, 'plan.json')
    await writeFile(path, content)
    return path
  }

  it('gives the page what the file says, as its answer or as news', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    const { page, app } = desktop
    const path = await planFile(JSON.stringify(plan))
    const opened = ask(page, 'openPlan', {})
    const dialog = await desktop.nextDialog()
    expect(dialog).toMatchObject({ kind: 'open', options: { properties: ['openFile'] } })
    dialog.answer({ canceled: false, filePaths: [path] })
    expect(await opened).toEqual(plan)

    const notOpened = ask(page, 'openPlan', {})
    ;(await desktop.nextDialog()).answer({ canceled: true, filePaths: [] })
    expect(await notOpened).toBe(null)

    await watch(page)
    await app.clickMenu('File', 'Open plan…')
    ;(await desktop.nextDialog()).answer({ canceled: false, filePaths: [path] })
    expect(await untilTold(page, 'the plan', ({ type }) => type === 'plan-opened')).toEqual({
      type: 'plan-opened',
      plan,
    })
  })

  it('says in one line what is wrong with a file', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    const { page, app } = desktop
    await watch(page)
    const large = await planFile(`"${'x'.repeat(1024 * 1024)}"`)
    const answer = send(page, { method: 'openPlan' })
    ;(await desktop.nextDialog()).answer({ canceled: false, filePaths: [large] })
    expect(await answer).toMatchObject({
      error: { code: 'bad-input', message: /: 1,048,578 bytes are too many; allowed: a plan / },
    })
    const broken = await planFile('{"workload":')
    await app.clickMenu('File', 'Open plan…')
    ;(await desktop.nextDialog()).answer({ canceled: false, filePaths: [broken] })
    expect(await untilTold(page, 'the problem', ({ type }) => type === 'problem')).toMatchObject({
      error: { code: 'bad-input', message: /plan\.json: not JSON \(/ },
    })
  })

  it('that was given at the start waits for the page to watch', async ({ openDesktop }) => {
    const path = await planFile(JSON.stringify(plan))
    const { page } = await openDesktop({ args: ['--inspect=0', path] })
    await watch(page)
    await untilTold(page, 'the plan', ({ type }) => type === 'plan-opened')
    expect(await told(page)).toEqual([
      { type: 'present', run: null },
      { type: 'plan-opened', plan },
    ])
  })
})

describe.concurrent('choosing own code', () => {
  it('offers the modules of Node and of Python, and gives the page the path', async ({
    openDesktop,
  }) => {
    const desktop = await openDesktop()
    const chosen = ask(desktop.page, 'openModule', {})
    const dialog = await desktop.nextDialog()
    const [modules, all] = dialog.options.filters
    expect(modules.extensions).toEqual(expect.arrayContaining(['mjs', 'ts', 'py']))
    expect(all.extensions).toEqual(['*'])
    dialog.answer({ canceled: false, filePaths: ['/tasks/my_task.py'] })
    expect(await chosen).toBe('/tasks/my_task.py')
  })
})

describe.concurrent('a message', () => {
  it('from anyone but the page is refused', async ({ openDesktop }) => {
    const { app } = await openDesktop()
    const strangers = {
      'a frame within the page': { isMainFrame: false },
      'another origin': { url: 'https://example.com/' },
      'another host of our scheme': { url: 'corescope://other/' },
      'a name that begins like ours': { url: 'corescope://app.example.com/' },
      'a page without an address': { url: '' },
      'another window': { isOurWindow: false },
    }
    for (const [name, stranger] of Object.entries(strangers)) {
      const sender = { ...ourPage, ...stranger }
      expect(await app.invoke(channels.request, [describeRequest], sender), name).toEqual({
        error: { code: 'bad-request', message: expect.stringContaining('refused'), details: [] },
      })
    }
    expect(await app.invoke(channels.request, [describeRequest], ourPage)).toHaveProperty('result')
  })

  it('that is none of the contract’s is refused', async ({ openDesktop }) => {
    const { app } = await openDesktop()
    const bad: [message: unknown, line: RegExp][] = [
      [undefined, /nothing was sent/],
      ['describe', /"describe" is no request/],
      [{ method: 'quit' }, /"quit" is no method/],
      [{ method: 'constructor' }, /"constructor" is no method/],
      [{ method: 'run', parameters: { id: -1 } }, /run\.id: /],
      [{ method: 'stop', parameters: { now: true } }, /stop: /],
      [{ method: 'estimate', parameters: { plan: 'x'.repeat(2 ** 21) } }, /too many/],
      [{ method: 'estimate', parameters: { plan: 1n } }, /cannot be written as JSON/],
    ]
    for (const [message, line] of bad) {
      expect(await app.invoke(channels.request, [message], ourPage)).toMatchObject({
        error: { code: 'bad-request', message: line },
      })
    }
  })

  it('on any other channel finds nobody', async ({ openDesktop }) => {
    const { app } = await openDesktop()
    expect((await app.setup()).channels).toEqual([channels.request])
  })

  it('that cannot be sent is an answer to the page, too', async ({ openDesktop }) => {
    const { page } = await openDesktop()
    const reply = await page.evaluate(() =>
      window.corescope.request({ method: 'estimate', parameters: { plan: () => 1 } }),
    )
    expect(reply).toMatchObject({
      error: { code: 'disconnected', message: /^the lab cannot be reached: .*could not be cloned/ },
    })
  })
})

describe.concurrent('what a page could want besides', () => {
  it('is refused: going elsewhere', async ({ openDesktop }) => {
    const { page, app, reachedFor } = await openDesktop()
    for (const url of [
      'https://example.com/',
      'corescope://app/index.html',
      'file:///etc/passwd',
    ]) {
      for (const how of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
        expect(await app.mayNavigate(how, url, true), `${how} ${url}`).toBe(false)
      }
    }
    await page.evaluate(() => {
      location.href = 'https://example.com/'
    })
    await page.evaluate(() => {
      location.href = '/index.html'
    })
    await page.waitForTimeout(200)
    expect(page.url()).toBe('https://app.corescope.test/')
    expect(await ask(page, 'stop', {})).toBe(false)
    expect(reachedFor).toEqual([])
  })

  it('is refused: other windows; our own links open in the browser, and no others', async ({
    openDesktop,
  }) => {
    const { page, app, openedOutside, reachedFor } = await openDesktop()
    const link = 'https://nodejs.org/api/worker_threads.html'
    for (const url of [link, `${link}?x`, 'https://example.com/', 'file:///bin/sh', 'nonsense']) {
      expect(await app.mayOpenWindow(url), url).toBe(false)
    }
    expect(openedOutside).toEqual([link])
    await page.evaluate(() => void window.open('https://example.com/'))
    await until('one window', () => page.context().pages().length === 1)
    expect(reachedFor).toEqual([])
    await app.clickMenu('help', 'Node.js: Child processes')
    await until('a second link', () => openedOutside.length === 2)
    expect(openedOutside[1]).toBe('https://nodejs.org/api/child_process.html')
  })

  it('is refused: permissions, devices, webviews, downloads and the network', async ({
    openDesktop,
  }) => {
    const { app } = await openDesktop()
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'usb']) {
      expect(await app.mayUse(permission), permission).toEqual({ asked: false, checked: false })
    }
    expect(await app.mayUseDevice()).toBe(false)
    expect(await app.mayAttachWebview()).toBe(false)
    expect(await app.mayDownload()).toBe(false)
    for (const scheme of ['http', 'https', 'ws', 'wss']) {
      expect(await app.mayReach(`${scheme}://example.com/`), scheme).toBe(false)
    }
    expect(await app.mayReach('corescope://app/assets/index.js')).toBe(true)
  })

  it('is not there: Electron is set up as its checklist advises', async ({ openDesktop }) => {
    const { app } = await openDesktop()
    const { isSandboxed, isSpellChecked, schemes, window } = await app.setup()
    expect({ isSandboxed, isSpellChecked }).toEqual({ isSandboxed: true, isSpellChecked: false })
    expect(schemes).toEqual([
      {
        scheme: 'corescope',
        privileges: { standard: true, secure: true, supportFetchAPI: true },
      },
    ])
    expect(window.webPreferences).toEqual({
      preload: expect.stringMatching(/out\/preload\/index\.cjs$/),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    })
  })
})

describe.concurrent('the menu', () => {
  it('has the usual items and shortcuts, and leaves Escape to the page', async ({
    openDesktop,
  }) => {
    const { app } = await openDesktop()
    const flat = (items: readonly ShownMenuItem[]): ShownMenuItem[] =>
      items.flatMap((item) => [item, ...flat(item.submenu)])
    const items = flat(await app.menu())
    const shortcuts = items.flatMap(({ label, accelerator }) =>
      accelerator === null ? [] : [[label, accelerator]],
    )
    expect(Object.fromEntries(shortcuts)).toEqual({
      'New comparison': 'CmdOrCtrl+N',
      'Open plan…': 'CmdOrCtrl+O',
      Start: 'CmdOrCtrl+Enter',
      Lab: 'CmdOrCtrl+1',
      Experiments: 'CmdOrCtrl+2',
      'Saved runs': 'CmdOrCtrl+3',
    })
    const roles = items.map(({ role }) => role)
    for (const role of ['quit', 'editMenu', 'zoomIn', 'zoomOut', 'resetZoom', 'togglefullscreen']) {
      expect(roles).toContain(role)
    }
  })

  it('tells the page what was chosen', async ({ openDesktop }) => {
    const { page, app } = await openDesktop()
    await watch(page)
    await app.clickMenu('File', 'New comparison')
    await app.clickMenu('Run', 'Start')
    await app.clickMenu('Run', 'Stop')
    await app.clickMenu('View', 'Lab')
    await app.clickMenu('View', 'Experiments')
    await app.clickMenu('View', 'Saved runs')
    await until('all of it', async () => (await told(page)).length === 7)
    expect((await told(page)).slice(1)).toEqual(
      menuCommands.map((command) => ({ type: 'command', command })),
    )
  })
})

describe.concurrent('the window', () => {
  const bounds = { x: 100, y: 50, width: 1400, height: 900 }

  it('comes back where it was, in its size, and maximised if it was', async ({ openDesktop }) => {
    const home = scratch.path('remembered')
    await mkdir(home)
    const first = await openDesktop({ home })
    expect(await first.app.windowState()).toMatchObject({ isShown: true, isMaximized: false })
    await first.app.moveWindow(bounds)
    await first.app.quit()
    expect(await first.exited).toBe(0)
    const second = await openDesktop({ home })
    expect(await second.app.windowState()).toMatchObject({ bounds, isMaximized: false })
    expect(await second.page.evaluate(() => innerWidth)).toBe(1400)
    await second.app.maximizeWindow()
    await second.app.quit()
    await second.exited
    const third = await openDesktop({ home })
    expect(await third.app.windowState()).toMatchObject({ bounds, isMaximized: true })
  })

  it('comes back in sight where its display is gone, and after a file that is spoiled', async ({
    openDesktop,
  }) => {
    const home = scratch.path('moved')
    await mkdir(join(home, 'userData'), { recursive: true })
    const file = join(home, 'userData', 'window.json')
    const displays = [{ x: 0, y: 0, width: 1280, height: 720 }]
    for (const content of [
      JSON.stringify({ bounds: { ...bounds, x: 5000 }, isMaximised: false }),
      'not JSON',
      '{"bounds":{"x":1e99}}',
    ]) {
      await writeFile(file, content)
      const { app, exited } = await openDesktop({ home, displays })
      expect((await app.windowState())?.bounds, content).toMatchObject({ x: 0 })
      await app.quit()
      await exited
    }
  })

  it('leaves the page 1024 × 640 at least', async ({ openDesktop }) => {
    const { app, page } = await openDesktop()
    await app.moveWindow({ x: 0, y: 0, width: 200, height: 100 })
    await until('the smallest size', () =>
      page.evaluate(() => innerWidth === 1024 && innerHeight === 640),
    )
  })

  it('follows the system into the dark', async ({ openDesktop }) => {
    const { app, page } = await openDesktop()
    const light = (await app.windowState())?.background
    await app.setDark(true)
    await until('dark', () =>
      page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches),
    )
    expect((await app.windowState())?.background).not.toBe(light)
  })

  it('offers to load a page again that has crashed', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    const { page, app } = desktop
    await page.evaluate(() => {
      window.told = []
    })
    await app.failPage('crashed')
    const dialog = await desktop.nextDialog()
    expect(dialog.options.message).toBe('The page has failed (crashed).')
    dialog.answer({ response: 0, checkboxChecked: false })
    const isNew = () => page.evaluate(() => window.told === undefined)
    await until('a new page', () => isNew().catch(() => false))
    expect(await ask(page, 'stop', {})).toBe(false)
  })
})

describe('quitting', () => {
  const choose = async (desktop: Desktop, button: string) => {
    const { kind, options, answer } = await desktop.nextDialog()
    expect(kind).toBe('message')
    expect(options).toMatchObject({
      buttons: ['Keep running', 'Stop the run and quit'],
      cancelId: 0,
    })
    answer({ response: options.buttons.indexOf(button), checkboxChecked: false })
  }
  const expectKeptAndGone = async (desktop: Desktop) => {
    expect(await desktop.exited).toBe(0)
    expect(await lastRun(desktop.database)).toMatchObject({
      status: 'interrupted',
      // Not found abandoned by whoever looks next.
      reason: 'stopped by the user',
    })
    await until('no process of ours', async () => (await ourProcesses()).length === 0)
  }

  it('asks nothing where nothing is going on', async ({ openDesktop }) => {
    const { app, exited } = await openDesktop()
    await app.quit()
    expect(await exited).toBe(0)
  })

  it('in mid-run asks; kept running, nothing has happened', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    const { page, app } = desktop
    await startEndless(page)
    await app.quit()
    await choose(desktop, 'Keep running')
    const before = (await told(page)).length
    await until('more news', async () => (await told(page)).length > before)
    expect(desktop.isWindowOpen).toBe(true)
    // And it is asked again.
    await app.quit()
    await choose(desktop, 'Stop the run and quit')
    await expectKeptAndGone(desktop)
  })

  it.skipIf(process.platform === 'darwin')(
    'by closing the window asks just so',
    async ({ openDesktop }) => {
      const desktop = await openDesktop()
      await startEndless(desktop.page)
      await desktop.app.closeWindow()
      await choose(desktop, 'Keep running')
      expect(await desktop.app.windowState()).toMatchObject({ isShown: true })
      // While the answer is on its way, whoever closes again asks no second time.
      const before = (await told(desktop.page)).length
      await until('more news', async () => (await told(desktop.page)).length > before)
      await desktop.app.closeWindow()
      await choose(desktop, 'Stop the run and quit')
      await expectKeptAndGone(desktop)
    },
  )

  it('twice at once asks once', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    await startEndless(desktop.page)
    await desktop.app.quit()
    await desktop.app.quit()
    await choose(desktop, 'Stop the run and quit')
    await expectKeptAndGone(desktop)
  })

  it.for<[string, (desktop: Desktop) => unknown]>([
    ['the machine goes down', ({ app }) => app.shutDown()],
    ['the user logs out of Windows', ({ app }) => app.endSession()],
    ['its terminal ends it', (desktop) => desktop.kill('SIGTERM')],
    ['who launched it is gone', (desktop) => desktop.letGo()],
  ])('because %s asks nobody, and stops the run', async ([_, end], { openDesktop }) => {
    const desktop = await openDesktop({ environment: { CORESCOPE_LAUNCHER: '1' } })
    await startEndless(desktop.page)
    await end(desktop)
    await expectKeptAndGone(desktop)
  })

  it('on macOS is not what closing the window does', async ({ openDesktop }) => {
    const desktop = await openDesktop({ platform: 'darwin' })
    const { app } = desktop
    expect((await app.menu())[0]).toMatchObject({ role: 'appMenu' })
    await app.closeWindow()
    await until('no window', () => !desktop.isWindowOpen)
    // What is chosen in the menu opens it again, and is told when the page listens.
    await app.clickMenu('View', 'Saved runs')
    await until('a window', () => desktop.isWindowOpen)
    await desktop.page.waitForURL('https://app.corescope.test/')
    await watch(desktop.page)
    await untilTold(desktop.page, 'the command', ({ type }) => type === 'command')
    await app.closeWindow()
    await until('no window', () => !desktop.isWindowOpen)
    await app.activate()
    await until('a window', () => desktop.isWindowOpen)
    await app.quit()
    expect(await desktop.exited).toBe(0)
  })
})

describe.concurrent('a second start', () => {
  it('shows the window of the first, gives it the plan, and ends', async ({
    openDesktop,
    startDesktop,
  }) => {
    const plan = scratch.path('second.json')
    await writeFile(plan, '{"workload":"sleep"}')
    const first = await openDesktop()
    await watch(first.page)
    const second = await startDesktop({ home: first.home, args: [plan] })
    expect(await second.exited).toBe(0)
    expect(second.isWindowOpen).toBe(false)
    expect(await untilTold(first.page, 'the plan', ({ type }) => type === 'plan-opened')).toEqual({
      type: 'plan-opened',
      plan: { workload: 'sleep' },
    })
    expect((await first.app.windowState())?.focusedTimes).toBe(1)
  })
})

describe.concurrent('what has gone wrong', () => {
  it('with the database is an answer, and the window is there all the same', async ({
    openDesktop,
  }) => {
    const home = scratch.path('newer')
    await mkdir(home)
    const { database } = openDatabase(join(home, 'runs.db'), 'write')
    database.pragma('user_version = 999')
    database.close()
    const { page } = await openDesktop({ home })
    expect(await send(page, { method: 'runs' })).toMatchObject({
      error: { code: 'database', message: /is of a newer Corescope/ },
    })
    expect(await ask(page, 'describe', {})).toMatchObject({ shell: 'desktop' })
  })

  it('before there is a window is shown in one line', async ({ startDesktop }) => {
    const project = join(import.meta.dirname, '..', '..')
    const copy = join(project, '.cache', `unbuilt-${process.pid}`)
    await cp(join(project, 'out/main'), join(copy, 'out/main'), { recursive: true })
    await cp(join(project, 'package.json'), join(copy, 'package.json'))
    try {
      const desktop = await startDesktop({ program: join(copy, 'out/main/index.js') })
      expect(await desktop.exited).toBe(1)
      expect(desktop.errorBoxes).toEqual([
        {
          title: 'Corescope cannot go on',
          content: expect.stringMatching(/^.*renderer.* is not built yet; run npm run build$/),
        },
      ])
    } finally {
      await rm(copy, { recursive: true })
    }
  })

  it('and was caught by nobody is shown, and ends the app', async ({ openDesktop }) => {
    const desktop = await openDesktop()
    await desktop.app.clickMenu('File', 'Open plan…')
    const dialog = await desktop.nextDialog()
    dialog.answer({ canceled: false, filePaths: null })
    expect(await desktop.exited).toBe(1)
    expect(desktop.errorBoxes).toMatchObject([{ title: 'Corescope has failed' }])
    expect(existsSync(desktop.database)).toBe(false)
  })
})
