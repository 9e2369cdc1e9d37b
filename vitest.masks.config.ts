// The action without each of its masks, one after the other: npm run test:masks
import { defineConfig } from 'vitest/config'

const report = process.env.TEST_REPORT

export default defineConfig({
  test: {
    include: ['__tests__/masks/**/*.test.ts'],
    globalSetup: ['__tests__/support/fresh-dist.ts'],
    setupFiles: ['__tests__/support/silence-runner.ts'],
    // A mask may need several runs until one shows a secret.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxConcurrency: 3,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
