import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { isAlive, until } from './scratch.ts'

/** The first Python on the path that has Dask.distributed; null where none has. */
export const daskPython = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'python3'))
  .filter((path) => existsSync(path))
  .find((path) => spawnSync(path, ['-c', 'import distributed']).status === 0)

export const whyNoDask = 'no python3 on the path has Dask: apt-get install python3-distributed'

/** A cluster as a user has one: processes of its own, which are no part of a trial. */
export interface OwnCluster {
  readonly address: string
  readonly scheduler: ChildProcess
  readonly workers: readonly ChildProcess[]
  close(): Promise<void>
}

/** What a cluster has of trials: keys, names of resources, and clients that want to hear of its workers. */
export function leftOn({ address }: OwnCluster): unknown {
  const script = `import json
from distributed import Client
def look(dask_scheduler):
    listening = getattr(dask_scheduler, 'event_subscriber', {}).get('all', ())
    return len(dask_scheduler.tasks), list(dask_scheduler.resources), len(listening)
def loaded(dask_worker):
    import sys
    return any(each.split('.')[0] == 'corescope' for each in sys.modules)
with Client('${address}', timeout='20s') as client:
    keys, resources, listening = client.run_on_scheduler(look)
    loaded = any(client.run(loaded).values())
print(json.dumps({'keys': keys, 'resources': resources, 'listening': listening, 'loaded': loaded}))`
  const { stdout, stderr } = spawnSync(daskPython ?? 'python3', ['-W', 'ignore', '-c', script], {
    encoding: 'utf8',
  })
  return stdout === '' ? stderr : JSON.parse(stdout)
}

export const nothing = { keys: 0, resources: [], listening: 0, loaded: false }

/** What was brought to Dask workers that keep their files in a folder. */
export async function packagesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true })
  return files.filter((each) => each.endsWith('.zip'))
}

/**
 * @param folder for what its processes write
 * @param threads of each worker
 * @param preface Python that its scheduler runs before it begins
 * @param workersPreface the same of its workers
 */
export async function startCluster(
  folder: string,
  threads: readonly number[],
  preface = '',
  workersPreface = '',
): Promise<OwnCluster> {
  const file = join(folder, `scheduler-${performance.now()}.json`)
  const start = (program: string, before: string, parameters: readonly string[]) =>
    spawn(
      daskPython ?? 'python3',
      ['-c', `${before}\nfrom distributed.cli.${program} import main\nmain()`, ...parameters],
      // Run from its source, "-c" has the working folder on its path.
      { stdio: 'ignore', cwd: folder },
    )
  const loopback = ['--host', '127.0.0.1', '--no-dashboard']
  const port = ['--port', '0', '--scheduler-file', file]
  const scheduler = start('dask_scheduler', preface, [...loopback, ...port])
  const workers = threads.map((each) =>
    start('dask_worker', workersPreface, [
      ...['--scheduler-file', file, '--no-dashboard', '--no-nanny', '--local-directory', folder],
      ...['--nthreads', String(each), '--host', '127.0.0.1'],
    ]),
  )
  // It waits for the scheduler's file, so that it starts beside the others. Who only counts workers need
  // not be of the scheduler's version.
  const script = `from distributed import Client
Client(scheduler_file='${file}', timeout='40s').wait_for_workers(${threads.length}, timeout='40s')`
  const counting =
    threads.length === 0
      ? null
      : spawn(daskPython ?? 'python3', ['-W', 'ignore', '-c', script], { stdio: 'ignore' })
  let address = ''
  const seen = async () => {
    if (!existsSync(file)) return false
    try {
      address = JSON.parse(await readFile(file, 'utf8')).address
    } catch {
      // Half written.
    }
    return address !== ''
  }
  const close = async () => {
    const all = [scheduler, ...workers, ...(counting === null ? [] : [counting])]
    for (const each of all) each.kill('SIGKILL')
    await until('the cluster is gone', () => all.every((each) => !isAlive(each.pid as number)))
  }
  try {
    await until('the scheduler is there', seen)
    const hasCounted = () => counting === null || counting.exitCode !== null
    await until('the workers are there', hasCounted, 60_000)
    if (counting !== null && counting.exitCode !== 0) throw new Error('not all workers have come')
  } catch (error) {
    await close()
    throw error
  }
  return { address, scheduler, workers, close }
}
