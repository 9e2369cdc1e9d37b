import { readFileSync } from 'node:fs'

/** PEM that a kubeconfig has as base64 or in a file. Like kubectl, data takes precedence. */
export function contentOf(base64: string | undefined, path: string | undefined): Buffer | undefined {
  if (base64) return Buffer.from(base64, 'base64')
  return path ? readFileSync(path) : undefined
}
