import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
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
  await until('the scheduler is there', seen, 30_000)
  const script = `from distributed import Client
Client('${address}', timeout='20s').wait_for_workers(${threads.length}, timeout='30s')`
  // Who only counts workers need not be of the scheduler's version.
  const asking = spawn(daskPython ?? 'python3', ['-W', 'ignore', '-c', script], { stdio: 'ignore' })
  await until('the workers are there', () => asking.exitCode !== null, 40_000)
  return {
    address,
    scheduler,
    workers,
    async close() {
      const all = [scheduler, ...workers]
      for (const each of all) each.kill('SIGKILL')
      await until('the cluster is gone', () => all.every((each) => !isAlive(each.pid as number)))
    },
  }
}
