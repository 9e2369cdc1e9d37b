import * as core from '@actions/core'
import { documentationOf, titleOf } from '../core/documentation.ts'
import type { ErrorCode, WarningCode } from '../core/error-codes.ts'
import { redact } from './mask.ts'

/**
 * Characters that end a line, change a terminal, or change the direction in which the text around them is shown:
 * https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for, and `\p{Cc}` loads Unicode data
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * One line that is safe to log, of a text that may come from a server. Registered secrets are removed, control characters
 * are escaped and what the runner would read as a workflow command is split: `::name::` and, anywhere in a line, `##[name]`.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function printable(text: string): string {
  return redact(text)
    .replace(CONTROLS, escapeControl)
    .replace(/::(?=[a-z])/gi, ': :')
    .replaceAll('##[', '## [')
}

export function info(line = ''): void {
  core.info(printable(line))
}

/** Logs each line of a text. */
export function lines(text: string): void {
  // A secret can have several lines.
  for (const line of redact(text).trimEnd().split('\n')) info(line)
}

/**
 * Logs only when the runner shows debug messages: a debug line takes as long as a request.
 * @param line is called only then
 */
export function debug(line: string | (() => string)): void {
  if (core.isDebug()) core.debug(printable(typeof line === 'string' ? line : line()))
}

/** An annotation with a title and a link to its entry in the documentation. */
export function warning(code: WarningCode, line: string): void {
  core.warning(printable(withLink(code, line)), { title: titleOf(code) })
}

/** An annotation for a run that succeeded. */
export function notice(title: string, line: string): void {
  core.notice(printable(line), { title: printable(title) })
}

/** An annotation with a title and a link to its entry in the documentation. */
export function error(code: ErrorCode, line: string): void {
  core.error(printable(withLink(code, line)), { title: titleOf(code) })
}

/** The line with a link to its entry in the documentation. */
export function withLink(code: ErrorCode | WarningCode, line: string): string {
  return `${line} See ${documentationOf(code)}`
}

/** Groups the lines that `write` logs. */
export function group(title: string, write: () => void): void {
  core.startGroup(printable(title))
  try {
    write()
  } finally {
    core.endGroup()
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': ' ' }

function escapeControl(character: string): string {
  return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
