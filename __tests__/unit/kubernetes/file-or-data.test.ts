import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { contentOf, readNamedFile } from '../../../src/kubernetes/file-or-data.ts'

const folder = mkdtempDisposableSync(join(tmpdir(), 'file-or-data-'))
afterAll(() => folder.remove())
const path = join(folder.path, 'ca.pem')
writeFileSync(path, 'of the file')

it('data takes precedence over a file', () => {
  expect(contentOf(btoa('of the data'), path)?.toString()).toBe('of the data')
  expect(contentOf('', path)?.toString()).toBe('of the file')
  expect(contentOf(undefined, undefined)).toBeUndefined()
})

it('a file that became a device after it was checked is an error', () => {
  expect(() => contentOf(undefined, '/dev/null')).toThrow('it is not a regular file')
  expect(() => readNamedFile('/dev/null')).toThrow('it is not a regular file')
})
