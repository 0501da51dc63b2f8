import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron'
import type { LabService, Watcher } from '../service/lab-service.ts'
import { channels } from '../shared/bridge.ts'
import { errorMessage, type LabReply } from '../shared/contract.ts'
import { LabError } from '../shared/model/problem.ts'
import { isOurPage } from './pages.ts'

/** A request is a plan at most. Characters, as JSON. */
const longestRequest = 2 * 1024 * 1024

/**
 * Answers the page's requests.
 *
 * @param page the contents of the app's window; null where there is none
 */
export function answerPage(
  service: LabService,
  watcher: Watcher,
  page: () => WebContents | null,
): void {
  ipcMain.handle(channels.request, async (event, message: unknown): Promise<LabReply> => {
    try {
      if (!isFromPage(event, page())) {
        throw new LabError('bad-request', 'request refused: it is not from the app’s page')
      }
      return await service.answer(asPlainJson(message), watcher)
    } catch (error) {
      return { error: errorMessage(error) }
    }
  })
}

/** Any frame of any window could send on a channel whose name it knows. */
function isFromPage(event: IpcMainInvokeEvent, page: WebContents | null): boolean {
  const { sender, senderFrame } = event
  return (
    sender === page &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    isOurPage(senderFrame.url)
  )
}

/** Electron lets maps, circles and more across; the contract is JSON, as over the web. */
function asPlainJson(message: unknown): unknown {
  const bad = (what: string) => new LabError('bad-request', `request refused: ${what}`)
  let text: string | undefined
  try {
    text = JSON.stringify(message)
  } catch {
    throw bad('it cannot be written as JSON')
  }
  if (text === undefined) throw bad('nothing was sent')
  if (text.length > longestRequest) {
    throw bad(`${text.length} characters are too many; allowed: at most ${longestRequest}`)
  }
  return JSON.parse(text)
}
