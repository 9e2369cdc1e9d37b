// Tests on a real node, which take root and a while: npm run test:pods
import { defineConfig } from 'vitest/config'
import config from './vitest.config.ts'

export default defineConfig({
  test: {
    ...config.test,
    include: ['__tests__/pods/**/*.test.ts'],
    exclude: [],
    // A kubelet backs off for half a minute and more.
    testTimeout: 180_000,
    fileParallelism: false,
  },
})
