import { join } from 'node:path'
import type { PlannedConfiguration } from '../../shared/model/run.ts'
import type { Programs } from '../execution/programs.ts'
import type { HostLaunch } from '../execution/runtimes/runtime.ts'

/** Hosts of Python, by runtime. */
const hostOf = { python: 'host.py', dask: 'dask_host.py' } as const

/** The host that a configuration's trials are given. */
export function hostLaunch(
  { runtime, interpreter }: Pick<PlannedConfiguration, 'runtime' | 'interpreter'>,
  programs: Programs,
): HostLaunch {
  if (runtime === 'node') return { runtime, program: programs.host }
  if (interpreter === null) throw new Error(`${runtime} needs an interpreter`)
  const program = join(programs.python, hostOf[runtime])
  return { runtime: 'python', interpreter: interpreter.path, program }
}
