import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { projectCopy } from '../support/project-copy.ts'
import { python, whyNoPython } from '../support/python.ts'

const copy = projectCopy()
const run = promisify(execFile)

/** Writes something else in place of what stands in a file of the copy. */
async function change(root: string, path: string, what: string | RegExp, to: string) {
  const before = await readFile(join(root, path), 'utf8')
  const after = before.replace(what, to)
  expect(after).not.toBe(before)
  await writeFile(join(root, path), after)
}

it(`the worked example of a new workload in CONTRIBUTING.md runs under all three models, in Python too${whyNoPython}`, async () => {
  const guide = await readFile(join(import.meta.dirname, '..', '..', 'CONTRIBUTING.md'), 'utf8')
  const example = /```ts\n\/\/ (src\/engine\/workloads\/(\w+)\.ts)\n([\s\S]*?)```/.exec(guide)
  const line = /```ts\n( {2}\w+: \(\) => import\('\.\/\w+\.ts'\),)\n```/.exec(guide)
  const [, path = '', name = '', source = ''] = example ?? expect.fail('no example')
  expect(source.split('\n').length).toBeLessThan(30)

  const twin =
    /```python\n# (resources\/python\/corescope\/workloads\/\w+\.py)\n([\s\S]*?)```/.exec(guide)
  const [, twinPath = '', twinSource = ''] = twin ?? expect.fail('no example in Python')
  expect(twinSource.split('\n').length).toBeLessThan(30)

  const parts = ['bin', 'build.ts', 'package.json', 'tsconfig.base.json', 'resources']
  const root = await copy.make(...parts)
  await writeFile(join(root, path), source)
  await writeFile(join(root, twinPath), twinSource)
  await change(
    root,
    'resources/python/corescope/workloads/__init__.py',
    'NAMES = (',
    `NAMES = ('${name}', `,
  )
  const catalogue = 'src/engine/workloads/catalogue.ts'
  await change(root, catalogue, /(\n {2}http: .*\n)/, `$1${line?.[1]}\n`)
  await change(root, catalogue, 'const inPython = [', `const inPython = ['${name}', `)

  await run(process.execPath, ['build.ts'], { cwd: root })
  const flags = [
    ...['run', '--workload', name],
    ...(python === null ? [] : ['--runtime', 'node,python', '--interpreter', python.path]),
    ...['--models', 'inline,threads,processes', '--tasks', '12'],
    ...['--repeat', '1', '--warmup', '0', '--db', join(root, 'runs.db'), '--quiet', '--json', '-'],
  ]
  const { stdout } = await run(process.execPath, [join(root, 'bin/corescope.js'), ...flags])
  const { configurations } = JSON.parse(stdout)
  expect(configurations).toHaveLength(python === null ? 3 : 6)
  for (const { trials } of configurations) {
    expect(trials[0]).toMatchObject({ status: 'done', tasks_done: 12 })
    expect(trials[0].metrics.checksum_ok).toBe(true)
  }
})
