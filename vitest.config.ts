import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['__tests__/**/*.test.ts'],
    // Whole runs against real servers take seconds, and starting those takes more.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    unstubEnvs: true,
    maxWorkers: 2,
  },
})
