import { runtimesOfModule } from '../../shared/model/workload.ts'
import type { OwnExports, Workload } from './workload.ts'

/** A module of the user's own as a workload. It is loaded by its path, where tasks are done and nowhere else. */
export function ownWorkload(path: string, exports: OwnExports, fingerprint: string): Workload {
  return {
    ...describeOwn(path),
    needs: 'nothing',
    // What it needs is not known.
    memoryBytes: () => 0,
    prepare() {
      throw new Error(`${path} is not of the catalogue`)
    },
    expected: () => null,
    own: { exports, fingerprint },
  }
}

export function describeOwn(path: string) {
  return {
    name: path,
    kind: 'own',
    description: 'your own code, run with your rights',
    parameters: {},
    runtimes: runtimesOfModule(path),
  } as const
}
