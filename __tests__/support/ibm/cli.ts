import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface CliSession {
  readonly name?: 'ibmcloud' | 'bx'
  /** Not given: the program prints no UAA line, as newer ones do. */
  readonly uaaToken?: string
  /** Some versions indent the second line. */
  readonly indented?: boolean
  /** The program reports that there is no session. */
  readonly loggedOut?: boolean
}

export const IAM_TOKEN = 'eyJraWQiOiIyMDE4.cHJhY3RpY2U.aWFt'

/**
 * Puts a program into a folder that prints what `ibmcloud iam oauth-tokens` prints.
 * @returns its path
 */
export async function installCli(
  folder: string,
  { name = 'ibmcloud', uaaToken, indented = false, loggedOut = false }: CliSession,
): Promise<string> {
  const uaaLine = uaaToken === undefined ? '' : `${indented ? '    ' : ''}UAA token:  Bearer ${uaaToken}\n`
  const script = `#!/bin/sh
if [ "$*" != 'iam oauth-tokens' ]; then
  printf "FAILED\\n'%s' is not a registered command.\\n" "$*" >&2
  exit 1
fi
${loggedOut ? LOGGED_OUT : `cat <<'END'\nIAM token:  Bearer ${IAM_TOKEN}\n${uaaLine}END`}
`
  await mkdir(folder, { recursive: true })
  const path = join(folder, name)
  await writeFile(path, script, { mode: 0o755 })
  return path
}

const LOGGED_OUT = `printf "FAILED\\nNot logged in. Use 'ibmcloud login' to log in.\\n" >&2
exit 1`
