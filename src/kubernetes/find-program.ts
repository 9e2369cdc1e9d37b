import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path'

/** Whether a command is a path, and not a name to be looked up in PATH. */
export function isPath(command: string): boolean {
  return command.includes('/') || command.includes(sep)
}

export interface ProgramLookup {
  /** Of the kubeconfig; absent when it is not a file. */
  readonly folder: string | undefined
  readonly environment: NodeJS.ProcessEnv
}

/**
 * The absolute path of a program, found as kubectl does: a path is relative to the folder of the kubeconfig, a name is looked up
 * in PATH. As in Go, relative folders in PATH do not count: a file of the workspace is not run by its name.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuration, https://go.dev/blog/path-security
 */
export function findProgram(command: string, { folder, environment }: ProgramLookup): string | undefined {
  if (isPath(command)) {
    if (folder === undefined && !isAbsolute(command)) return undefined
    return withExtension(resolve(folder ?? '/', command), environment)
  }
  for (const directory of (variable(environment, 'PATH') ?? '').split(delimiter)) {
    const found = isAbsolute(directory) ? withExtension(join(directory, command), environment) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Windows finds `aws` as `aws.exe`. */
function withExtension(path: string, environment: NodeJS.ProcessEnv): string | undefined {
  const extensions = process.platform === 'win32' ? (variable(environment, 'PATHEXT') ?? '.exe').split(';') : []
  return ['', ...extensions].map((extension) => path + extension).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** On Windows the names of variables have no case: https://nodejs.org/api/process.html#processenv */
function variable(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const found = Object.keys(environment).find(
    (one) => one === name || (process.platform === 'win32' && one.toUpperCase() === name),
  )
  return found === undefined ? undefined : environment[found]
}
