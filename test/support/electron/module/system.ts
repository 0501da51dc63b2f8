import { EventEmitter } from 'node:events'
import type { DialogKind } from '../sides.ts'
import { display, machine, tell } from './display.ts'

/** Shows a dialog, with or without a window that it belongs to. */
function showDialog<Options extends object, Answer>(kind: DialogKind) {
  return (first: object, second?: Options) =>
    display.showDialog(kind, second ?? first) as Promise<Answer>
}

export const dialog: Pick<
  Electron.Dialog,
  'showSaveDialog' | 'showOpenDialog' | 'showMessageBox' | 'showErrorBox'
> = {
  showSaveDialog: showDialog<Electron.SaveDialogOptions, Electron.SaveDialogReturnValue>('save'),
  showOpenDialog: showDialog<Electron.OpenDialogOptions, Electron.OpenDialogReturnValue>('open'),
  showMessageBox: showDialog<Electron.MessageBoxOptions, Electron.MessageBoxReturnValue>('message'),
  showErrorBox: (title, content) => tell(display.showErrorBox(title, content)),
}

class NativeTheme
  extends EventEmitter
  implements Pick<Electron.NativeTheme, 'shouldUseDarkColors'>
{
  shouldUseDarkColors = machine.isDark

  setDark(isDark: boolean): void {
    this.shouldUseDarkColors = isDark
    this.emit('updated')
  }
}

export const nativeTheme = new NativeTheme()
export const powerMonitor = new EventEmitter()

type DisplayShown = Pick<Electron.Display, 'workArea' | 'bounds'>

export const screen = {
  getAllDisplays: (): DisplayShown[] =>
    machine.displays.map((area) => ({ bounds: area, workArea: area })),
} satisfies { getAllDisplays: () => readonly Partial<Electron.Display>[] }

export const shell: Pick<Electron.Shell, 'openExternal'> = {
  openExternal: (url) => display.openExternal(url),
}
