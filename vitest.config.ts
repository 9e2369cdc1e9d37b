import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { leftOutOn } from './__tests__/support/left-out.ts'

const report = process.env.TEST_REPORT

const sharedServers = '__tests__/support/shared-servers/offer.ts'

const leftOut = leftOutOn(process.platform)
for (const { file, reason } of leftOut) process.stderr.write(`skipped: ${file}: ${reason}\n`)

const common = {
  exclude: [...configDefaults.exclude, ...leftOut.map(({ file }) => file)],
  globalSetup: [sharedServers],
  setupFiles: ['__tests__/support/silence-runner.ts'],
  // Whole runs against real servers take seconds, and starting those takes more.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // On a busy machine the first response alone can take a second.
  expect: { poll: { timeout: 20_000 } },
  unstubEnvs: true,
  // Starting a worker for each file takes longer than most files do. The setup file gives each its own modules.
  isolate: false,
}

/** `npx vitest run FILE` runs a file; `--project unit` or `--project e2e` one kind of tests. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['__tests__/{unit,support,fuzz}/**/*.test.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'e2e',
          include: ['__tests__/e2e/**/*.test.ts'],
          globalSetup: ['__tests__/support/fresh-dist.ts', sharedServers],
          env: { NODE_COMPILE_CACHE: join(tmpdir(), 'registry-pull-secret-compile-cache') },
          // Each scenario starts processes. On a busy machine many of them are slow, and none is wrong.
          testTimeout: 180_000,
        },
      },
    ],
    // Tests wait more than they compute, also on two cores. Each e2e worker runs several scenarios at the same time.
    maxWorkers: 3,
    maxConcurrency: 3,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
