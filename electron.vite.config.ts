import { defineConfig } from 'electron-vite'

/** The desktop app and its page; the web shell serves the same page. `build.ts` builds the rest. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Bundled but for what cannot be: the database's native part, and what loads itself lazily.
      externalizeDeps: { exclude: [] },
      rolldownOptions: {
        input: { index: 'src/main/main.ts' },
        external: ['electron', 'better-sqlite3', 'systeminformation'],
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: 'src/preload/preload.ts' },
        // A sandboxed page loads its preload script as CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: {
      outDir: 'out/renderer',
      minify: true,
      // It comes from this machine.
      chunkSizeWarningLimit: 1000,
      rolldownOptions: {
        input: 'src/renderer/index.html',
        // "use client" means nothing to a page that is never rendered on a server.
        onwarn(warning, warn) {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
        },
      },
    },
  },
})
