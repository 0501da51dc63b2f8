import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { programsIn } from '../../src/engine/lab.ts'

const folder = fileURLToPath(new URL('../../out/programs', import.meta.url))

/** The built programs: what is measured and tested is what ships. */
export const programs = programsIn(folder)

/** The built worker, which the host finds beside itself. */
export const workerProgram = join(folder, 'worker.cjs')

/** The command as a user starts it. */
export const cli = fileURLToPath(new URL('../../bin/corescope.js', import.meta.url))
