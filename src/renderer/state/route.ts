import { useSyncExternalStore } from 'react'

/** Where the user is, kept in the address after the `#`, so that back, forward and reload work. */
export type Route =
  | { readonly view: 'lab' }
  | { readonly view: 'experiments' }
  | { readonly view: 'runs' }
  | { readonly view: 'run'; readonly id: number }

export function parseRoute(hash: string): Route {
  const run = /^#\/runs\/([1-9]\d{0,14})$/.exec(hash)
  if (run !== null) return { view: 'run', id: Number(run[1]) }
  if (hash === '#/experiments') return { view: 'experiments' }
  // What the list is filtered by stands after a question mark.
  return /^#\/runs(\?|$)/.test(hash) ? { view: 'runs' } : { view: 'lab' }
}

export function hashOf(route: Route): string {
  return route.view === 'run' ? `#/runs/${route.id}` : `#/${route.view}`
}

export function goTo(route: Route): void {
  location.hash = hashOf(route)
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (listener) => {
      addEventListener('hashchange', listener)
      return () => removeEventListener('hashchange', listener)
    },
    () => location.hash,
  )
  return parseRoute(hash)
}
