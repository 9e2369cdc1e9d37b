import * as core from '@actions/core'
import { redact } from './mask.ts'

/**
 * One line of text that may hold words of a server: control characters are made visible, so that it stays one line, and
 * what the runner could read as a workflow command (`::name::`, `##[name]`) is broken up. Registered secrets are removed.
 */
export function printable(text: string): string {
  return redact(text)
    .replace(/[\p{Cc}\u2028\u2029]/gu, visible)
    .replace(/::(?=[a-z])/gi, ': :')
    .replaceAll('##[', '## [')
}

export function info(line = ''): void {
  core.info(printable(line))
}

/** A text of many lines, each for itself. */
export function lines(text: string): void {
  for (const line of text.trimEnd().split('\n')) info(line)
}

/** Each line costs as much as a request: none is written to a runner that does not show it. */
export function debug(line: string): void {
  if (core.isDebug()) core.debug(printable(line))
}

export function warning(line: string): void {
  core.warning(printable(line))
}

export function error(line: string): void {
  core.error(printable(line))
}

/** Folds the lines that are written meanwhile. */
export function group(title: string, write: () => void): void {
  core.startGroup(printable(title))
  try {
    write()
  } finally {
    core.endGroup()
  }
}

function visible(control: string): string {
  const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': ' ' }
  return named[control] ?? `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
}
