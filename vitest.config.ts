import { defineConfig } from 'vitest/config'

const report = process.env.TEST_REPORT

export default defineConfig({
  test: {
    include: ['__tests__/**/*.test.ts'],
    exclude: ['__tests__/pods/**'],
    setupFiles: ['__tests__/support/silence-runner.ts'],
    // Whole runs against real servers take seconds, and starting those takes more.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // They wait more than they work: two at a time, also on two cores.
    maxWorkers: 2,
    unstubEnvs: true,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
