import { join } from 'node:path'

/** A path that may start with `~/`: a workflow has no shell that expands it. */
export function expandHome(path: string, { HOME, USERPROFILE }: NodeJS.ProcessEnv): string {
  const home = HOME || USERPROFILE
  return home && /^~[\\/]/.test(path) ? join(home, path.slice(2)) : path
}
