import { type BrowserWindow, dialog, type MessageBoxOptions } from 'electron'
import type { ExportForm } from '../shared/contract.ts'
import { moduleExtensions } from '../shared/model/workload.ts'

/** The window that a dialog belongs to; null where there is none. */
type Parent = BrowserWindow | null

async function ask(parent: Parent, options: MessageBoxOptions): Promise<number> {
  const answer = await (parent === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(parent, options))
  return answer.response
}

/** Asks before a run is lost; Escape and Enter keep it. */
export async function askToStop(parent: Parent): Promise<boolean> {
  const answer = await ask(parent, {
    type: 'question',
    message: 'A run is going on.',
    detail: 'It is stopped when Corescope quits. What has been measured so far is kept.',
    buttons: ['Keep running', 'Stop the run and quit'],
    defaultId: 0,
    cancelId: 0,
  })
  return answer === 1
}

/** The page is gone; the lab and its run are not. */
export async function askToReload(parent: Parent, reason: string): Promise<boolean> {
  const answer = await ask(parent, {
    type: 'error',
    message: `The page has failed (${reason}).`,
    detail: 'A run that is going on goes on, and is shown again when the page is loaded again.',
    buttons: ['Load it again', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  })
  return answer === 0
}

const formNames: Readonly<Record<string, string>> = {
  csv: 'Comma-separated values',
  json: 'JSON',
  md: 'Markdown',
  html: 'Web page',
  svg: 'SVG',
  png: 'PNG',
}

/** @returns where to write an export; null where the user does not want it after all */
export function chooseExportPath(
  parent: Parent,
  defaultPath: string,
  form: ExportForm,
): Promise<string | null> {
  const extension = form.slice(form.lastIndexOf('.') + 1)
  const filter = { name: formNames[extension] ?? extension, extensions: [extension] }
  return choosePath(parent, 'Export', defaultPath, filter)
}

/** @returns where to copy the database to; null where the user does not want it after all */
export function chooseBackupPath(parent: Parent, defaultPath: string): Promise<string | null> {
  return choosePath(parent, 'Back up', defaultPath, { name: 'Database', extensions: ['db'] })
}

async function choosePath(
  parent: Parent,
  title: string,
  defaultPath: string,
  filter: Electron.FileFilter,
): Promise<string | null> {
  const options: Electron.SaveDialogOptions = {
    title,
    defaultPath,
    filters: [filter, { name: 'All files', extensions: ['*'] }],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  }
  const { canceled, filePath } = await (parent === null
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(parent, options))
  return canceled || filePath === '' ? null : filePath
}

/** @returns the plan's file; null where the user has chosen none */
export function choosePlanFile(parent: Parent): Promise<string | null> {
  return chooseFile(parent, 'Open plan', { name: 'Plan', extensions: ['json'] })
}

/** @returns the JSON of a run; null where the user has chosen none */
export function chooseRunFile(parent: Parent): Promise<string | null> {
  return chooseFile(parent, 'Import a run', { name: 'Run', extensions: ['json'] })
}

/** @returns a module of the user's own; null where they have chosen none */
export function chooseModuleFile(parent: Parent): Promise<string | null> {
  const filter = { name: 'Module', extensions: [...moduleExtensions] }
  return chooseFile(parent, 'Choose your own code', filter)
}

async function chooseFile(
  parent: Parent,
  title: string,
  filter: Electron.FileFilter,
): Promise<string | null> {
  const options: Electron.OpenDialogOptions = {
    title,
    filters: [filter, { name: 'All files', extensions: ['*'] }],
    properties: ['openFile'],
  }
  const { canceled, filePaths } = await (parent === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(parent, options))
  return canceled ? null : (filePaths[0] ?? null)
}
