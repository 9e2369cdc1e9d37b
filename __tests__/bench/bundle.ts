// A client of the benchmark as one file of JavaScript, like `dist`: both start alike.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import type { Harness } from './harness.ts'

/** @returns its path */
export async function bundle({ folder }: Harness, name: 'client' | 'list'): Promise<string> {
  const file = join(folder, `${name}.mjs`)
  await build({
    input: fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
    platform: 'node',
    output: { file, format: 'esm' },
    logLevel: 'warn',
  })
  return file
}
