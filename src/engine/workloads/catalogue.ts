import { type Runtime, runtimes } from '../../shared/model/execution-model.ts'
import type { WorkloadDescription } from '../../shared/model/workload.ts'
import type { Workload } from './workload.ts'

/** Every workload: one file and one line. Loaded when needed, so that a worker starts with its own alone. */
const catalogue: Readonly<Record<string, () => Promise<{ default: Workload }>>> = {
  primes: () => import('./primes.ts'),
  sha256: () => import('./sha256.ts'),
  mandelbrot: () => import('./mandelbrot.ts'),
  squares: () => import('./squares.ts'),
  matmul: () => import('./matmul.ts'),
  sort: () => import('./sort.ts'),
  json: () => import('./json.ts'),
  image: () => import('./image.ts'),
  uneven: () => import('./uneven.ts'),
  allocate: () => import('./allocate.ts'),
  'scan-shared': () => import('./scan-shared.ts'),
  messages: () => import('./messages.ts'),
  sleep: () => import('./sleep.ts'),
  file: () => import('./file.ts'),
  http: () => import('./http.ts'),
  crawl: () => import('./crawl.ts'),
}

/** Those that Python has as well, in `resources/python/corescope/workloads`. */
const inPython = ['primes', 'sha256', 'squares', 'matmul', 'messages', 'sleep', 'file', 'http']
/** Of them, what a task of Dask cannot do: it has no channel to the host. */
const notOnDask = ['messages']

/** @throws Error where the catalogue has no such name; plans are checked before. */
export async function loadWorkload(name: string): Promise<Workload> {
  const load = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined
  if (load === undefined) throw new Error(`no workload is called ${name}`)
  return (await load()).default
}

/** What each workload says of itself, in the catalogue's order. */
export async function describeWorkloads(): Promise<readonly WorkloadDescription[]> {
  const workloads = await Promise.all(Object.keys(catalogue).map(loadWorkload))
  return workloads.map(({ name, kind, description, parameters }) => ({
    name,
    kind,
    description,
    parameters,
    runtimes: runtimesOf(name),
  }))
}

function runtimesOf(name: string): readonly Runtime[] {
  if (!inPython.includes(name)) return ['node']
  return runtimes.filter((runtime) => runtime !== 'dask' || !notOnDask.includes(name))
}
