import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type InputOptions, type OutputOptions, rolldown } from 'rolldown'

interface Bundle extends InputOptions {
  readonly output: OutputOptions
}

/** The app side is ESM and loads what a command needs when it needs it. */
const app: Bundle = {
  input: { 'cli/main': 'src/cli/main.ts' },
  platform: 'node',
  external: ['better-sqlite3', 'systeminformation'],
  output: { dir: 'out', format: 'esm', cleanDir: true, chunkFileNames: 'cli/[name]-[hash].js' },
}

/**
 * The programs are CommonJS: measured, an ES module costs a new worker some 3 ms more than CommonJS,
 * and a worker's start time is one of our results.
 */
const programs: Bundle = {
  input: {
    host: 'src/engine/execution/host/program.ts',
    worker: 'src/engine/execution/worker/program.ts',
    partner: 'src/engine/execution/partner/program.ts',
    reaper: 'src/engine/execution/reaper-program.ts',
    expectation: 'src/engine/execution/expectation-program.ts',
    'http-server': 'src/engine/execution/http-server-program.ts',
    sampler: 'src/engine/sampling/sampler-program.ts',
    'module-inspector': 'src/engine/execution/own/inspector-program.ts',
    compaction: 'src/engine/storage/compaction-program.ts',
  },
  platform: 'node',
  external: ['systeminformation', 'better-sqlite3'],
  output: {
    dir: 'out/programs',
    format: 'cjs',
    cleanDir: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: 'parts/[name]-[hash].cjs',
  },
}

for (const { output, ...input } of [app, programs]) {
  const bundle = await rolldown(input)
  await bundle.write(output)
  await bundle.close()
}

/** What pictures are made with, as it is: a program that needs no system's help, and a font (docs/decisions/0020). */
const pictures = {
  'resvg.wasm': '@resvg/resvg-wasm/index_bg.wasm',
  'DejaVuSans.ttf': 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  'DejaVuSans-LICENSE.txt': 'dejavu-fonts-ttf/LICENSE',
}
mkdirSync('out/programs/pictures', { recursive: true })
for (const [name, source] of Object.entries(pictures)) {
  copyFileSync(fileURLToPath(import.meta.resolve(source)), `out/programs/pictures/${name}`)
}
// Its package brings no licence of its own along; what it says of it has to go with it.
writeFileSync(
  'out/programs/pictures/resvg-LICENSE.txt',
  'resvg.wasm is of @resvg/resvg-wasm, under the Mozilla Public License 2.0 (https://www.mozilla.org/MPL/2.0/).\nIts source: https://github.com/thx/resvg-js\n',
)
