import { app } from './app.ts'

type Handler = Parameters<Electron.Protocol['handle']>[1]

export const schemes: Electron.CustomScheme[] = []
const handlers = new Map<string, Handler>()

export const protocol: Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'> = {
  registerSchemesAsPrivileged(more) {
    if (app.isReady() || schemes.length > 0) {
      throw new Error('registerSchemesAsPrivileged: once, and before the app is ready')
    }
    schemes.push(...more)
  },
  handle(scheme, handler) {
    if (!app.isReady()) throw new Error('protocol.handle: not before the app is ready')
    handlers.set(scheme, handler)
  },
}

export async function respond(url: string, method: string): Promise<Response> {
  const handler = handlers.get(new URL(url).protocol.slice(0, -1))
  if (handler === undefined) throw new Error(`${url}: nobody handles this scheme`)
  return handler(new Request(url, { method }))
}
