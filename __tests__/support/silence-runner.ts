// Standard output of the code under test has commands for a runner: one that runs these tests would execute them. A test
// reads the output with `captureLog`.
import { vi } from 'vitest'

process.stdout.write = () => true
// Files share a worker. Each gets fresh modules: the masks of one file would change the log of another one.
vi.resetModules()
