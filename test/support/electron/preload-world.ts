/** As much of the preload script's `electron` as it may use. */
type Preloaded = (
  require: (name: string) => unknown,
  module: { exports: object },
  exports: object,
) => void

/** Name of the function by which a page speaks to the test; the page's scripts never see it. */
export const bindingName = 'standInInvoke'

/** Event by which the test speaks to a page. */
export const deliveryEvent = 'stand-in-delivery'

/**
 * Runs in the page before its own scripts: gives the preload script its `electron`, and the page what
 * the script exposes. Nothing from outside this function is there.
 */
export function runPreload(
  preload: Preloaded,
  names: { readonly binding: string; readonly delivery: string },
): void {
  // Electron runs no preload script in frames within the page.
  if (window !== window.top) return
  const world = window as unknown as Record<string, unknown>
  const invoke = world[names.binding] as (channel: string, args: unknown[]) => Promise<unknown>
  delete world[names.binding]

  const listeners = new Map<string, ((event: object, ...args: unknown[]) => void)[]>()
  document.addEventListener(names.delivery, (event) => {
    const { channel, args } = (event as CustomEvent).detail
    for (const listener of listeners.get(channel) ?? []) listener({}, ...args)
  })

  /** Copies data, and wraps functions so that what they are given and give is copied. */
  const across = (value: unknown): unknown => {
    if (typeof value === 'function') {
      return (...args: unknown[]) => {
        const result = value(...args.map(across))
        return result instanceof Promise ? result.then(across) : across(result)
      }
    }
    if (Array.isArray(value)) return value.map(across)
    if (typeof value !== 'object' || value === null) return value
    if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, across(each)]))
  }

  const electron = {
    contextBridge: {
      exposeInMainWorld(name: string, api: unknown) {
        const exposed = Object.freeze(across(api))
        Object.defineProperty(window, name, { value: exposed, enumerable: true })
      },
    } satisfies Pick<Electron.ContextBridge, 'exposeInMainWorld'>,
    ipcRenderer: {
      invoke: (channel: string, ...args: unknown[]) => invoke(channel, structuredClone(args)),
      on(channel: string, listener: (event: object, ...args: unknown[]) => void) {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      },
    } satisfies { [Name in 'invoke' | 'on']: (...args: never[]) => unknown },
  }
  const module = { exports: {} }
  preload(
    (name) => {
      if (name === 'electron') return electron
      throw new Error(`a sandboxed preload script cannot load ${name}`)
    },
    module,
    module.exports,
  )
}
