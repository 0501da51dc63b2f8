import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { projectCopy } from '../support/project-copy.ts'
import { scratchFolder } from '../support/scratch.ts'
import { checkLayers, projectRoot, rooms } from './layers.ts'

const copy = projectCopy()
const scratch = scratchFolder()
const run = promisify(execFile)
let projects = 0

/** A project of these files and no other: what is reported is of them. */
async function projectOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = scratch.path(`${projects++}`)
  for (const [file, source] of Object.entries(files)) {
    await mkdir(join(root, file, '..'), { recursive: true })
    await writeFile(join(root, file), source)
  }
  return root
}

describe('the rooms of the house', () => {
  it('are kept by every module, and every module was read', () => {
    const { modules, imports, breaches } = checkLayers(projectRoot)
    expect(breaches).toEqual([])
    expect(modules).toBeGreaterThan(60)
    expect(imports).toBeGreaterThan(200)
  })

  it('are all there', () => {
    const missing = rooms.filter(({ path }) => !existsSync(join(projectRoot, path)))
    expect(missing).toEqual([])
  })

  it.each<[string, string, string, string]>([
    [
      'a neighbour',
      'src/engine/analysis/scratch.ts',
      `import { openDatabase } from '../storage/database.ts'\nopenDatabase('x', 'read')`,
      'src/engine/analysis/scratch.ts: imports src/engine/storage/database.ts; src/engine/analysis may know src/shared',
    ],
    [
      'a room above',
      'src/engine/workloads/scratch.ts',
      `import type { Lab } from '../lab.ts'\nexport type L = Lab`,
      'imports src/engine/lab.ts',
    ],
    [
      'what is behind the lab',
      'src/cli/scratch.ts',
      `export { RunLibrary } from '../engine/storage/run-library.ts'`,
      'imports src/engine/storage/run-library.ts; src/cli may know src/shared, src/engine/lab.ts',
    ],
    [
      'something when it runs',
      'src/cli/scratch.ts',
      `export const load = () => import('../engine/session/guard.ts')`,
      'imports src/engine/session/guard.ts',
    ],
    [
      'Node, in what is shared',
      'src/shared/scratch.ts',
      `import { cpus } from 'node:os'\ncpus()`,
      'imports node:os; src/shared may use zod',
    ],
    [
      'Electron',
      'src/engine/sampling/scratch.ts',
      `import { app } from 'electron'\napp.quit()`,
      'imports electron; src/engine/sampling may use node, systeminformation',
    ],
    [
      'nobody knows what',
      'src/cli/scratch.ts',
      'export const f = (x: string) => import(x)',
      'computed',
    ],
    [
      'something as a type alone',
      'src/engine/storage/scratch.ts',
      `export type L = import('../lab.ts').Lab`,
      'imports src/engine/lab.ts',
    ],
    [
      'something without a name',
      'src/engine/storage/scratch.ts',
      `export {} from '../lab.ts'`,
      'imports src/engine/lab.ts',
    ],
    ['by a require of its own', 'src/cli/scratch.ts', `export const f = require('x')`, '(require)'],
    ['nothing, in no room', 'src/attic/scratch.ts', 'export const a = 1', 'in no room'],
  ])('report a module that imports %s', async (_, file, source, line) => {
    const { modules, breaches } = checkLayers(await projectOf({ [file]: source }))
    expect(modules).toBe(1)
    expect(breaches).toEqual([expect.stringContaining(line)])
  })

  it('report a circle', async () => {
    const root = await projectOf({
      'src/shared/a.ts': `import './b.ts'`,
      'src/shared/b.ts': `import './a.ts'`,
    })
    expect(checkLayers(root).breaches).toEqual([
      'a circle: src/shared/a.ts → src/shared/b.ts → src/shared/a.ts',
    ])
  })

  it('are what the linter’s command checks, and it fails', async () => {
    const root = await projectOf({ 'src/shared/scratch.ts': `import 'node:fs'` })
    const check = join(projectRoot, 'test/architecture/check.ts')
    await expect(run(process.execPath, [check, root])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('src/shared/scratch.ts: imports node:fs'),
    })
  })

  it('are walls for the compiler too: what is shared knows neither Node nor a page', async () => {
    const root = await copy.make('tsconfig.base.json')
    await writeFile(join(root, 'src/shared/scratch.ts'), 'export const here = process.cwd()')
    const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc')
    const compile = run(process.execPath, [compiler, '-b', join(root, 'src/shared')])
    await expect(compile).rejects.toMatchObject({
      stdout: expect.stringMatching(/scratch\.ts.*Cannot find name 'process'/),
    })
  })
})
