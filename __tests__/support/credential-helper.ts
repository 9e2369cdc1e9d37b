// Credential helpers for tests: shell scripts that speak docker's protocol.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface StoredLogin {
  readonly Username: string
  readonly Secret: string
}

/**
 * Writes the program of a credential helper. It records its arguments in `<path>.calls`, and answers as docker's own helpers do:
 * https://github.com/docker/docker-credential-helpers/blob/master/credentials/credentials.go
 * @param logins what it has, by the key of the registry
 */
export function writeHelper(folder: string, name: string, logins: Readonly<Record<string, StoredLogin>>): void {
  const cases = Object.entries(logins).map(
    ([key, login]) => `'get ${key}') cat <<'END'\n${JSON.stringify({ ServerURL: key, ...login })}\nEND\n;;`,
  )
  const list = Object.fromEntries(Object.entries(logins).map(([key, { Username }]) => [key, Username]))
  writeProgram(folder, name, [
    'read -r key || true',
    'case "$1 $key" in',
    ...cases,
    `list*) echo '${JSON.stringify(list)}' ;;`,
    '*) echo "credentials not found in native keychain"; exit 1 ;;',
    'esac',
  ])
}

/** Writes a credential helper that does what a test needs. */
export function writeProgram(folder: string, name: string, lines: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `docker-credential-${name}`)
  writeFileSync(path, ['#!/bin/sh', 'echo "$@" >> "$0.calls"', ...lines, ''].join('\n'), { mode: 0o755 })
}
