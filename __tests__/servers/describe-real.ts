import { describe } from 'vitest'
import { type Binary, findBinary, missingBinaries, realServersRequired } from './binaries.ts'

/**
 * Tests that need real servers. The one place where a test may be skipped: it says so in one line,
 * and fails instead when REAL_SERVERS=required.
 */
export function describeReal(names: readonly Binary[], title: string, body: () => void): void {
  const missing = names.filter((name) => findBinary(name) === undefined)
  if (missing.length === 0) {
    describe(title, body)
    return
  }
  if (realServersRequired) throw new Error(missingBinaries(missing))
  process.stderr.write(`skipped: ${title}: ${missingBinaries(missing)}\n`)
  describe.skip(title, body)
}
