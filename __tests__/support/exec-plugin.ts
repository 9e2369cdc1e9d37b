// Exec plugins for tests: shell scripts, and what they write.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dump, load } from 'js-yaml'

export const EXEC_V1 = 'client.authentication.k8s.io/v1'

/** Writes a program that records each call in `<path>.calls`. @returns its path */
export function writePlugin(folder: string, name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, ['#!/bin/sh', 'echo called >> "$0.calls"', ...lines].join('\n'), { mode: 0o755 })
  return path
}

/** The line of a script that writes an ExecCredential. */
export function credentialLine(status: object, apiVersion = EXEC_V1): string {
  return `cat <<'END'\n${JSON.stringify({ apiVersion, kind: 'ExecCredential', status })}\nEND`
}

/** A kubeconfig whose user has this exec plugin instead of its credential, and these settings of its cluster. */
export function withExec(kubeconfig: string, exec: object, cluster: object = {}): string {
  const config = load(kubeconfig) as { users: [{ user: object }]; clusters: [{ cluster: object }] }
  config.users[0].user = { exec: { apiVersion: EXEC_V1, ...exec } }
  config.clusters[0].cluster = { ...config.clusters[0].cluster, ...cluster }
  return dump(config)
}
