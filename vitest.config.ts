import { defineConfig } from 'vitest/config'

/**
 * Real hosts and real workers need the machine for themselves: their files run one after another, and
 * what is marked as concurrent in them, as nothing is measured there, three at a time. A minute is too
 * little for some of them where the machine is shared: a test that hangs is found a minute later.
 */
const alone = {
  fileParallelism: false,
  maxConcurrency: 3,
  testTimeout: 120_000,
  hookTimeout: 120_000,
}

export default defineConfig({
  test: {
    reporters: ['default', './test/support/count-reporter.ts'],
    projects: [
      // Simulations take their time on a busy machine.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'architecture', include: ['test/architecture/**/*.test.ts'], ...alone } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...alone } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: './test/support/chromium-setup.ts',
          // A second is too little for a page on a busy machine; what comes sooner is seen sooner.
          expect: { poll: { timeout: 20_000 } },
          ...alone,
        },
      },
    ],
  },
})
