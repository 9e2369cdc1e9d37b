// Tests on a real node, which take root and some minutes: npm run test:pods
import { defineConfig } from 'vitest/config'

const report = process.env.TEST_REPORT

export default defineConfig({
  test: {
    include: ['__tests__/pods/**/*.test.ts'],
    globalSetup: ['__tests__/support/fresh-dist.ts'],
    setupFiles: ['__tests__/support/silence-runner.ts'],
    // A kubelet waits for half a minute and more between two pulls that fail.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    unstubEnvs: true,
    fileParallelism: false,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
