import * as core from '@actions/core'
import { redact } from './mask.ts'

/**
 * One line that is safe to log, of a text that may come from a server. Registered secrets are removed, control characters
 * are escaped and what the runner would read as a workflow command is split: `::name::` and, anywhere in a line, `##[name]`.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function printable(text: string): string {
  return redact(text)
    .replace(/[\p{Cc}\u2028\u2029]/gu, escapeControl)
    .replace(/::(?=[a-z])/gi, ': :')
    .replaceAll('##[', '## [')
}

export function info(line = ''): void {
  core.info(printable(line))
}

/** Logs each line of a text. */
export function lines(text: string): void {
  for (const line of text.trimEnd().split('\n')) info(line)
}

/** Logs only when the runner shows debug messages: a debug line takes as long as a request. */
export function debug(line: string): void {
  if (core.isDebug()) core.debug(printable(line))
}

export function warning(line: string): void {
  core.warning(printable(line))
}

/** @param title of the annotation */
export function error(line: string, title: string): void {
  core.error(printable(line), { title: printable(title) })
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
