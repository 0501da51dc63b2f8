import { LabService } from '../../service/lab-service.ts'
import { readPage } from '../../service/page-files.ts'
import { LabError, shown } from '../../shared/model/problem.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { onStopSignal } from '../stop-signal.ts'
import { openBrowser } from '../web/browser.ts'
import { onEnter } from '../web/enter-key.ts'
import { listen } from '../web/listening.ts'
import { downloadPath } from '../web/run-download.ts'
import { WebServer } from '../web/web-server.ts'

export interface ServeOptions {
  readonly port?: string
  readonly open?: boolean
}

/** What is served. */
export interface ServedParts {
  readonly version: string
  readonly pageFolder: string
  readonly plansFolder: string
}

/** `corescope serve`: the screen in a browser, for this machine alone. */
export async function serveCommand(
  { lab, print, tell }: Shell,
  { port, open = false }: ServeOptions,
  { version, pageFolder, plansFolder }: ServedParts,
): Promise<ExitCode> {
  const wanted = port === undefined ? undefined : portOf(port)
  const page = readPage(pageFolder)
  const service = new LabService(lab, {
    shell: 'web',
    version,
    plansFolder,
    exportFile: async (request) => ({ kind: 'download', url: downloadPath(request) }),
    importRun: async () => null,
    backup: async () => ({ kind: 'cancelled' }),
    openPlan: async () => {
      throw new LabError('bad-request', 'in a browser the page itself reads the file of a plan')
    },
    openModule: async () => {
      throw new LabError('bad-request', 'in a browser the path of a module is typed')
    },
  })
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  const release = onStopSignal(stop)
  let ignoreEnter: (() => void) | null = null
  try {
    const server = new WebServer(await listen(wanted), { page, lab, service, tell })
    const link = server.newLink()
    print(`${link}\n`)
    ignoreEnter = onEnter(() => print(`${server.newLink()}\n`))
    const renewal = ignoreEnter === null ? '' : '; press Enter for a new link'
    tell(`the link opens Corescope on this machine, once${renewal}; Ctrl-C ends it\n`)
    if (open) {
      void openBrowser(link, (why) => {
        // A browser that was opened and closed again may end with any code.
        if (server.hasBeenOpened) return
        tell(`corescope: the browser was not opened: ${why}; open the link yourself\n`)
      })
    }
    await stopped
    const isInterrupted = service.isRunning
    if (isInterrupted) tell('ending the run; what was measured is kept\n')
    await service.close()
    await server.close()
    return isInterrupted ? exitCodes.interrupted : exitCodes.done
  } finally {
    ignoreEnter?.()
    release()
  }
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new LabError(
    'bad-input',
    `--port: ${shown(text)} is not allowed; allowed: a whole number from 0 to 65535, 0 for any that is free`,
  )
}
