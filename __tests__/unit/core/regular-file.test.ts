import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readRegularFile } from '../../../src/core/regular-file.ts'

const folder = mkdtempDisposableSync(join(tmpdir(), 'regular-file-'))
afterAll(() => folder.remove())

it.each([0, 1, 65_536, 200_000])('reads a file of %d bytes', (size) => {
  const path = join(folder.path, String(size))
  const bytes = Buffer.from(Array.from({ length: size }, (_, index) => index % 251))
  writeFileSync(path, bytes)
  expect(readRegularFile(path, size).equals(bytes)).toBe(true)
  if (size > 0) expect(() => readRegularFile(path, size - 1)).toThrow('it is larger than')
})

it.runIf(process.platform === 'linux')('reads a file of /proc, whose size is unknown, up to the limit', () => {
  expect(readRegularFile('/proc/self/status', 1024 * 1024).toString()).toContain('Pid:')
  expect(() => readRegularFile('/proc/self/status', 10)).toThrow('it is larger than')
})

it('reads no device', () => {
  expect(() => readRegularFile('/dev/null', 10)).toThrow('it is not a regular file')
})
