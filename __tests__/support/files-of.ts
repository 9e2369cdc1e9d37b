import { globSync } from 'node:fs'

/** The files that match a glob, with `/` in their paths on every system. */
export function filesOf(glob: string): string[] {
  return globSync(glob).map((path) => path.replaceAll('\\', '/'))
}
