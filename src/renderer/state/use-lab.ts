import { createContext, useContext, useSyncExternalStore } from 'react'
import type { LabState, LabStore } from './lab-store.ts'

export const LabContext = createContext<LabStore | null>(null)

/** @throws Error outside of the app */
export function useLabStore(): LabStore {
  const store = useContext(LabContext)
  if (store === null) throw new Error('no lab')
  return store
}

export function useLab(): LabState {
  const store = useLabStore()
  return useSyncExternalStore(
    (listener) => store.subscribe(listener),
    () => store.state,
  )
}
