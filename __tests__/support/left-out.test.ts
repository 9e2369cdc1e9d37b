import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { filesOf } from './files-of.ts'
import { leftOutOn } from './left-out.ts'

/** In the text of a test file: what Windows lacks. */
const POSIX = /mkfifo|#!\/bin\/sh|\/(?:credential-helper|exec-plugin|ibm\/cli)\.ts'|'\/dev\/zero'|'SIGINT'/
/** Sources with these names, and a signal that a test emits itself. */
const PORTABLE = ['__tests__/fuzz/docker-credentials.test.ts', '__tests__/unit/core/abort.test.ts']

it('leaves out nothing on Linux', () => {
  expect(leftOutOn('linux')).toEqual([])
})

it.each(['win32', 'darwin'] as const)('leaves out files that exist: %s', (system) => {
  const files = leftOutOn(system).map(({ file }) => file)
  expect(files.length).toBeGreaterThan(0)
  expect(files.filter((file) => !existsSync(file))).toEqual([])
  expect(new Set(files).size).toBe(files.length)
})

it('leaves out on Windows each file that needs what Windows lacks', () => {
  const files = leftOutOn('win32').map(({ file }) => file)
  const needing = filesOf('__tests__/{unit,support,e2e,fuzz}/**/*.test.ts').filter(
    (file) => file !== '__tests__/support/left-out.test.ts' && POSIX.test(readFileSync(file, 'utf8')),
  )
  expect(needing.length).toBeGreaterThan(5)
  expect(needing.filter((file) => !files.includes(file) && !PORTABLE.includes(file))).toEqual([])
})
