// Credential helpers for tests: shell scripts that speak docker's protocol.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { knownSecrets } from './secrecy/known-secrets.ts'

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
  knownSecrets.addAll(
    Object.values(logins).map(({ Secret }) => Secret),
    'credential helper',
  )
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
export function writeProgram(folder: string, name: string, lines: readonly string[], firstLine = '#!/bin/sh'): void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `docker-credential-${name}`)
  // A secret that it prints is part of a line of its own, or in JSON.
  const secrets = lines.flatMap((line) => [...line.matchAll(/"Secret":"([^"]+)/g)].map(([, secret = '']) => secret))
  knownSecrets.addAll(secrets, 'credential helper')
  writeFileSync(path, [firstLine, 'echo "$@" >> "$0.calls"', ...lines, ''].join('\n'), { mode: 0o755 })
}

/** The commands that a helper was called with. */
export function callsOf(folder: string, name: string): string[] {
  return readFileSync(join(folder, `docker-credential-${name}.calls`), 'utf8')
    .trim()
    .split('\n')
}
