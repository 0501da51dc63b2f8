import { parentPort } from 'node:worker_threads'

/* A sampler that reads nothing: what a run is like that nobody watches. */

const punctuality = { p50Ms: null, p99Ms: null, missed: 0 }

parentPort?.on('message', ({ type, ticket }: { type: string; ticket?: number }) => {
  if (type === 'mark') parentPort?.postMessage({ type: 'marked', ticket, mark: null })
  else if (type === 'work-ends') {
    parentPort?.postMessage({ type: 'counted', punctuality })
    parentPort?.postMessage({ type: 'met', ticket })
  } else if (ticket !== undefined) parentPort?.postMessage({ type: 'met', ticket })
})
parentPort?.postMessage({ type: 'ready' })
