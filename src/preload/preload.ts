import { contextBridge } from 'electron'

contextBridge.exposeInMainWorld('a', {})
