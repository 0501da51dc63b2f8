type Handler = Parameters<Electron.IpcMain['handle']>[1]

export const handlers = new Map<string, Handler>()

export const ipcMain: Pick<Electron.IpcMain, 'handle'> = {
  handle(channel, handler) {
    if (handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    }
    handlers.set(channel, handler)
  },
}
