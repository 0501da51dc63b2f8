import { fileURLToPath } from 'node:url'
import type { Programs } from '../../src/engine/lab.ts'

const built = (name: string) =>
  fileURLToPath(new URL(`../../out/programs/${name}.cjs`, import.meta.url))

/** The built programs: what is measured and tested is what ships. */
export const programs: Programs = {
  host: built('host'),
  reaper: built('reaper'),
  expectation: built('expectation'),
  httpServer: built('http-server'),
  sampler: built('sampler'),
}

/** The built worker, which the host finds beside itself. */
export const workerProgram = built('worker')

/** The command as a user starts it. */
export const cli = fileURLToPath(new URL('../../bin/corescope.js', import.meta.url))
