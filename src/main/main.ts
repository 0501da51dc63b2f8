import { createReadStream, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, Menu, session } from 'electron'
import { defaultDatabasePath, Lab, programsIn, writeWhole } from '../engine/lab.ts'
import type { RunningExport } from '../service/exports.ts'
import { LabService } from '../service/lab-service.ts'
import { outputError, readingError } from '../service/output-error.ts'
import { readPage } from '../service/page-files.ts'
import { readPlanFile } from '../service/plan-file.ts'
import { channels } from '../shared/bridge.ts'
import { type ExportOutcome, type ExportRequest, errorMessage } from '../shared/contract.ts'
import {
  askToReload,
  askToStop,
  chooseExportPath,
  chooseModuleFile,
  choosePlanFile,
  chooseRunFile,
} from './dialogs.ts'
import { endOnFaults, endWithFault } from './faults.ts'
import { answerPage } from './ipc.ts'
import { externalLinks, openExternally } from './links.ts'
import { menuTemplate } from './menu.ts'
import { PageWatcher } from './page-watcher.ts'
import { registerPageScheme, servePage } from './pages.ts'
import { planArgument } from './plan-argument.ts'
import { Quitting } from './quitting.ts'
import { restrictPages, restrictSession } from './security.ts'
import { MainWindow } from './window.ts'

/*
 * The desktop shell's composition root: where paths and the outside world come in. What must be said
 * before the app is ready stands here at the top level; Electron waits for no more of an ES module.
 */
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const { version } = JSON.parse(readFileSync(here('../../package.json'), 'utf8')) as {
  version: string
}

endOnFaults()
app.enableSandbox()
registerPageScheme()
restrictPages()

/** What a second start hands to the first. */
interface Errand {
  readonly planPath: string | null
}
const errand: Errand = { planPath: planArgument(process.argv.slice(1), process.cwd()) }

if (app.requestSingleInstanceLock({ ...errand })) {
  app.whenReady().then(openApp).catch(endWithFault)
} else {
  app.quit()
}

function openApp(): void {
  servePage(readPage(here('../renderer')))
  restrictSession(session.defaultSession)

  const lab = new Lab({
    databasePath: process.env.CORESCOPE_DB ?? defaultDatabasePath(),
    programs: programsIn(here('../programs')),
    version,
  })
  /** Files that are being written. */
  const writing = new Set<Promise<void>>()

  const service = new LabService(lab, {
    shell: 'desktop',
    version,
    plansFolder: here('../../resources/plans'),
    exportFile,
    async importRun() {
      const path = await chooseRunFile(window.current)
      if (path === null) return null
      return service.import(createReadStream(path), basename(path)).catch((error: unknown) => {
        throw readingError(error, path)
      })
    },
    backup: async () => ({ kind: 'cancelled' }),
    async openPlan() {
      const path = await choosePlanFile(window.current)
      return path === null ? null : readPlanFile(path)
    },
    openModule: () => chooseModuleFile(window.current),
  })

  const watcher = new PageWatcher((event) => {
    window.current?.webContents.send(channels.event, event)
  })

  const quitting = new Quitting({
    isRunning: () => service.isRunning,
    askToStop: () => askToStop(window.current),
    async close() {
      await service.close()
      await Promise.allSettled(writing)
      await lab.close()
    },
  })

  const window = new MainWindow({
    stateFile: join(app.getPath('userData'), 'window.json'),
    preload: here('../preload/index.cjs'),
    mayClose() {
      // Elsewhere than on macOS the app ends with its window, and the run with it: ask first.
      if (process.platform === 'darwin' || quitting.isLeaving || !service.isRunning) return true
      app.quit()
      return false
    },
    onPageGone() {
      service.forget(watcher)
      watcher.pageIsGone()
    },
    async onPageFailed(reason) {
      if (await askToReload(window.current, reason)) window.current?.webContents.reload()
      else app.quit()
    },
    onSessionEnd: () => void quitting.now(),
  })

  answerPage(service, watcher, () => window.current?.webContents ?? null)
  setMenu()
  app.on('second-instance', (_event, _args, _folder, theirs) => {
    window.show()
    openPlan((theirs as Errand).planPath)
  })
  app.on('activate', () => window.show())
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  window.show()
  openPlan(errand.planPath)

  function setMenu(): void {
    const template = menuTemplate(
      {
        tellPage(command) {
          window.show()
          watcher.tellWhenWatching({ type: 'command', command })
        },
        async openPlan() {
          window.show()
          openPlan(await choosePlanFile(window.current))
        },
        openExternally,
      },
      {
        platform: process.platform,
        appName: app.name,
        isPackaged: app.isPackaged,
        links: externalLinks,
      },
    )
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
    app.setAboutPanelOptions({ applicationName: 'Corescope', applicationVersion: version })
  }

  /** Shows a plan's file in the page, or what is wrong with it. */
  function openPlan(path: string | null): void {
    if (path === null) return
    readPlanFile(path).then(
      (plan) => watcher.tellWhenWatching({ type: 'plan-opened', plan }),
      (error) => watcher.tellWhenWatching({ type: 'problem', error: errorMessage(error) }),
    )
  }

  async function exportFile(
    request: ExportRequest,
    fileName: string,
    begin: () => RunningExport,
  ): Promise<ExportOutcome> {
    const proposal = join(app.getPath('downloads'), fileName)
    const path = await chooseExportPath(window.current, proposal, request.form)
    if (path === null) return { kind: 'cancelled' }
    const { listener, end } = begin()
    const written = lab.exchange
      .export(request, listener)
      .then((source) => writeWhole(source, path, listener.signal))
    writing.add(written)
    try {
      await written
      end('done')
    } catch (error) {
      const isCancelled = listener.signal.aborted
      end(isCancelled ? 'cancelled' : 'failed')
      if (isCancelled) return { kind: 'cancelled' }
      throw outputError(error, path)
    } finally {
      writing.delete(written)
    }
    return { kind: 'saved', path }
  }
}
