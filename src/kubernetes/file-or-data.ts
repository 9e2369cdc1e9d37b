import { existsSync, statSync } from 'node:fs'
import { readRegularFile, requireRegular } from '../core/regular-file.ts'

/** Of a certificate, a key or a token. */
const MAX_FILE_BYTES = 4 * 1024 * 1024

/** Reads a file that a kubeconfig names. @throws Error with a `code` */
export function readNamedFile(path: string): Buffer {
  return readRegularFile(path, MAX_FILE_BYTES)
}

/** Checks the kind and the size of a file that `readNamedFile` will read, unless it is missing. @throws Error with a `code` */
export function checkNamedFile(path: string): void {
  if (existsSync(path)) requireRegular(statSync(path), MAX_FILE_BYTES)
}

/** PEM that a kubeconfig has as base64 or in a file. Like kubectl, data takes precedence. */
export function contentOf(base64: string | undefined, path: string | undefined): Buffer | undefined {
  if (base64) return Buffer.from(base64, 'base64')
  return path ? readNamedFile(path) : undefined
}
