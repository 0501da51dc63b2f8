import { contextBridge, ipcRenderer } from 'electron'
import { type Bridge, bridgeName, channels } from '../shared/bridge.ts'
import type { LabEvent, LabReply } from '../shared/contract.ts'

/*
 * All that the page is given. Neither `ipcRenderer` nor its event objects cross over: whoever had them
 * could send on any channel.
 */
const bridge: Bridge = {
  async request(message) {
    try {
      return (await ipcRenderer.invoke(channels.request, message)) as LabReply
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error)
      const message = `the lab cannot be reached: ${what}`
      return { error: { code: 'disconnected', message, details: [] } }
    }
  },
  onEvent(listener) {
    ipcRenderer.on(channels.event, (_event, told: LabEvent) => listener(told))
  },
}

contextBridge.exposeInMainWorld(bridgeName, bridge)
