import { defineConfig } from 'rolldown'

/**
 * Two bundles. The app side is ESM and loads what a command needs when it needs it.
 * The programs (host, worker …) are CommonJS: measured here, an ES module costs a new worker
 * some 3 ms more than CommonJS, and a worker's start time is one of our results.
 */
export default defineConfig([
  {
    input: { 'cli/main': 'src/cli/main.ts' },
    platform: 'node',
    external: ['better-sqlite3', 'systeminformation'],
    output: { dir: 'out', format: 'esm', cleanDir: true, chunkFileNames: 'cli/[name]-[hash].js' },
  },
  {
    input: {
      host: 'src/engine/execution/host/program.ts',
      worker: 'src/engine/execution/worker/program.ts',
      reaper: 'src/engine/execution/reaper-program.ts',
      expectation: 'src/engine/execution/expectation-program.ts',
      'http-server': 'src/engine/execution/http-server-program.ts',
      sampler: 'src/engine/sampling/sampler-program.ts',
    },
    platform: 'node',
    external: ['systeminformation'],
    output: {
      dir: 'out/programs',
      format: 'cjs',
      cleanDir: true,
      entryFileNames: '[name].cjs',
      chunkFileNames: 'parts/[name]-[hash].cjs',
    },
  },
])
