import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { projectCopy } from '../support/project-copy.ts'

const copy = projectCopy()
const run = promisify(execFile)

it('the worked example of a new workload in CONTRIBUTING.md runs under all three models', async () => {
  const guide = await readFile(join(import.meta.dirname, '..', '..', 'CONTRIBUTING.md'), 'utf8')
  const example = /```ts\n\/\/ (src\/engine\/workloads\/(\w+)\.ts)\n([\s\S]*?)```/.exec(guide)
  const line = /```ts\n( {2}\w+: \(\) => import\('\.\/\w+\.ts'\),)\n```/.exec(guide)
  const [, path = '', name = '', source = ''] = example ?? expect.fail('no example')
  expect(source.split('\n').length).toBeLessThan(30)

  const root = await copy.make('bin', 'build.ts', 'package.json', 'tsconfig.base.json')
  await writeFile(join(root, path), source)
  const catalogue = join(root, 'src/engine/workloads/catalogue.ts')
  const before = await readFile(catalogue, 'utf8')
  const after = before.replace(/(\n {2}http: .*\n)/, `$1${line?.[1]}\n`)
  expect(after).not.toBe(before)
  await writeFile(catalogue, after)

  await run(process.execPath, ['build.ts'], { cwd: root })
  const flags = [
    ...['run', '--workload', name, '--models', 'inline,threads,processes', '--tasks', '12'],
    ...['--repeat', '1', '--warmup', '0', '--db', join(root, 'runs.db'), '--quiet', '--json', '-'],
  ]
  const { stdout } = await run(process.execPath, [join(root, 'bin/corescope.js'), ...flags])
  const { configurations } = JSON.parse(stdout)
  for (const { trials } of configurations) {
    expect(trials[0]).toMatchObject({ status: 'done', tasks_done: 12 })
    expect(trials[0].metrics.checksum_ok).toBe(true)
  }
})
