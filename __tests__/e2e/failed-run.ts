// What every failed run has to keep to.
import { expect } from 'vitest'
import { parseCommand } from '../support/runner/command.ts'
import type { StepResult } from '../support/runner/runner.ts'
import { leaks } from '../support/secrecy.ts'
import type { Scene } from './harness.ts'

/** One error that says all of it, no stack trace, no command of somebody else, no secret. */
export function expectOneError(scene: Scene, result: StepResult, says: readonly string[]): void {
  expect(result.code).toBe(1)
  const errors = result.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
  expect(errors).toEqual([expect.any(String)])
  for (const part of says) expect(errors[0]).toContain(part)
  expect(errors[0]).not.toContain('fault of registry-pull-secret')
  expect(result.stdout + result.stderr).not.toMatch(/^\s+at /m)
  expectMeantCommands(result)
  expect(leaks(scene, result)).toEqual([])
}

const MEANT = ['add-mask', 'debug', 'endgroup', 'error', 'group', 'warning']

/** No line is a command that we did not mean, in the runner's old and its new form. */
export function expectMeantCommands({ stdout, stderr, masks, state }: StepResult): void {
  const lines = `${stdout}\n${stderr}`.split(/\r\n|\r|\n/)
  const commands = new Set(lines.flatMap((line) => parseCommand(line)?.name ?? []))
  expect([...commands].filter((name) => !MEANT.includes(name))).toEqual([])
  expect(lines.filter((line) => !line.startsWith('::') && line.includes('##['))).toEqual([])
  expect(masks).not.toContain('planted')
  expect(Object.keys(state)).not.toContain('planted')
}
