import { useSyncExternalStore } from 'react'
import { type MetricKey, metricKeys } from '../../shared/model/metric.ts'

import type { SideReference } from '../../shared/model/run-comparison.ts'

/** Where the user is, kept in the address after the `#`, so that back, forward and reload work. */
export type Route =
  | { readonly view: 'lab' }
  | { readonly view: 'experiments' }
  | { readonly view: 'runs' }
  | { readonly view: 'run'; readonly id: number }
  | CompareRoute
  | TrendRoute

/** Saved configurations beside each other; the first side is what the others are compared with. */
export interface CompareRoute {
  readonly view: 'compare'
  readonly sides: readonly SideReference[]
  /** The machine is one of the things that are compared. */
  readonly acrossMachines: boolean
}

/** A configuration over the runs that executed it. */
export interface TrendRoute {
  readonly view: 'trend'
  readonly run: number
  readonly configuration: number
  readonly metric: MetricKey
  readonly acrossMachines: boolean
}

export function parseRoute(hash: string): Route {
  const run = /^#\/runs\/([1-9]\d{0,14})$/.exec(hash)
  if (run !== null) return { view: 'run', id: Number(run[1]) }
  const [path, query = ''] = hash.split('?', 2)
  const asked = new URLSearchParams(query)
  const acrossMachines = asked.get('machines') === 'across'
  if (path === '#/compare') {
    const sides = (asked.get('sides') ?? '').split(',').flatMap((each) => parseSide(each) ?? [])
    return { view: 'compare', sides, acrossMachines }
  }
  if (path === '#/trend') {
    const side = parseSide(asked.get('side') ?? '')
    if (side === null || side.configuration === null) return { view: 'runs' }
    const { run, configuration } = side
    return {
      view: 'trend',
      run,
      configuration,
      metric: parseMetric(asked.get('metric')),
      acrossMachines,
    }
  }
  if (hash === '#/experiments') return { view: 'experiments' }
  // What the list is filtered by stands after a question mark.
  return /^#\/runs(\?|$)/.test(hash) ? { view: 'runs' } : { view: 'lab' }
}

/** `12`, a run, or `12:3`, one of its configurations; null where it is neither. */
function parseSide(text: string): SideReference | null {
  const found = /^([1-9]\d{0,14})(?::([1-9]\d{0,14}))?$/.exec(text)
  if (found === null) return null
  return { run: Number(found[1]), configuration: found[2] === undefined ? null : Number(found[2]) }
}

function parseMetric(text: string | null): MetricKey {
  return metricKeys.find((key) => key === text) ?? 'throughput_per_s'
}

export function formatSide({ run, configuration }: SideReference): string {
  return configuration === null ? `${run}` : `${run}:${configuration}`
}

export function hashOf(route: Route): string {
  const across = 'acrossMachines' in route && route.acrossMachines ? '&machines=across' : ''
  switch (route.view) {
    case 'run':
      return `#/runs/${route.id}`
    case 'compare':
      return `#/compare?sides=${route.sides.map(formatSide).join(',')}${across}`
    case 'trend':
      return `#/trend?side=${formatSide(route)}&metric=${route.metric}${across}`
    default:
      return `#/${route.view}`
  }
}

/** What stays on the screen while its content changes: its address but for what is asked of it. */
export function placeOf(route: Route): string {
  return route.view === 'run' ? hashOf(route) : route.view
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
