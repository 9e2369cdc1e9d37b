// What holds for every failed run.
import { expect } from 'vitest'
import { expectDocumentedPulls } from '../support/documented-pulls.ts'
import { parseCommand } from '../support/runner/command.ts'
import type { StepResult } from '../support/runner/runner.ts'

/** One error with all these parts, no stack trace, and no unexpected workflow command. */
export function expectOneError(result: StepResult, parts: readonly string[]): void {
  expect(result.code).toBe(1)
  const errors = result.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
  expect(errors).toEqual([expect.any(String)])
  for (const part of parts) expect(errors[0]).toContain(part)
  expect(errors[0]).not.toContain('This is a bug in registry-pull-secret')
  expect(result.stdout + result.stderr).not.toMatch(/^\s+at /m)
  const [, code = ''] = /troubleshooting\.md#([\w-]+)$/.exec(errors[0] ?? '') ?? []
  expectDocumentedPulls(result.summary, code)
  expectKnownCommands(result)
}

const KNOWN = ['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning']

/** No line is an unexpected workflow command, in the runner's old or new syntax, and none is shown in another order. */
export function expectKnownCommands({ stdout, stderr, summary, masks, state }: StepResult): void {
  const lines = `${stdout}\n${stderr}`.split(/\r\n|\r|\n/)
  const commands = new Set(lines.flatMap((line) => parseCommand(line)?.name ?? []))
  expect([...commands].filter((name) => !KNOWN.includes(name))).toEqual([])
  expect(lines.filter((line) => !line.startsWith('::') && line.includes('##['))).toEqual([])
  expect(stdout + stderr + summary).not.toMatch(/\p{Bidi_Control}/u)
  expect(masks).not.toContain('planted')
  expect(Object.keys(state)).not.toContain('planted')
}
