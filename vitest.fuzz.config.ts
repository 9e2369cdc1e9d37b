// Many hostile cases for each parser, for some minutes: npm run test:fuzz. `npm test` runs a few of them.
import { defineConfig } from 'vitest/config'
import { FuzzReporter } from './__tests__/fuzz/reporter.ts'

const report = process.env.TEST_REPORT

export default defineConfig({
  test: {
    include: ['__tests__/fuzz/**/*.test.ts'],
    setupFiles: ['__tests__/support/silence-runner.ts'],
    env: { FUZZ_RUNS: process.env.FUZZ_RUNS ?? '100000' },
    reporters:
      report === undefined
        ? ['default', new FuzzReporter()]
        : ['default', new FuzzReporter(), ['json', { outputFile: report }]],
  },
})
