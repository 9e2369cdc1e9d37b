import { execFileSync } from 'node:child_process'

export function tar(folder: string, names: readonly string[]): Buffer {
  return execFileSync('tar', ['--create', '--directory', folder, ...names], { maxBuffer: 64 * 1024 * 1024 })
}
