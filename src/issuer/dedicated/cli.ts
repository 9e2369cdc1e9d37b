import { getExecOutput } from '@actions/exec'
import { Failure, reason } from '../../core/errors.ts'
import { printable } from '../../runner/log.ts'
import { mask } from '../../runner/mask.ts'

const PROGRAMS = ['ibmcloud', 'bx']

/**
 * The UAA access token of the CLI session on this machine: `ibmcloud iam oauth-tokens`, else the same by `bx`. What the
 * program prints is never echoed: it holds tokens.
 */
export async function readCliSession(): Promise<string> {
  for (const program of PROGRAMS) {
    const output = await run(program)
    if (output !== undefined) return uaaToken(program, output)
  }
  throw new Failure('Could not log in: no login was given, and neither `ibmcloud` nor `bx` is on the PATH', {
    cure: 'Give `oauth-token`, `username` and `password`, `api-key` or `passcode`; or log in with the CLI in an earlier step.',
  })
}

async function run(program: string): Promise<string | undefined> {
  const command = `${program} iam oauth-tokens`
  const result = await getExecOutput(program, ['iam', 'oauth-tokens'], {
    silent: true,
    ignoreReturnCode: true,
  }).catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('Unable to locate executable file')) return undefined
    throw new Failure(`Could not log in: \`${command}\` could not be started: ${printable(reason(error))}`, {
      cause: error,
      cure: `Check that \`${program}\` on the PATH is a program that this runner may start.`,
    })
  })
  if (result === undefined) return undefined
  for (const [, token] of result.stdout.matchAll(/token:\s+(?:Bearer\s+)?(\S+)/gi)) mask(token ?? '')
  if (result.exitCode !== 0) {
    throw new Failure(`Could not log in: \`${command}\` ended with exit code ${result.exitCode}`, {
      cure: `Log in before this step: \`${program} login -a https://api.<dedicated-domain>\`.`,
    })
  }
  return result.stdout
}

/** The line is found by its name: newer programs print the IAM line only, and the order never was a promise. */
function uaaToken(program: string, output: string): string {
  const token = /^\s*UAA token:\s+(?:Bearer[^\S\n]+)?(?!Bearer\s*$)(\S+)\s*$/im.exec(output)?.[1]
  if (token !== undefined) return token
  throw new Failure(`Could not log in: \`${program} iam oauth-tokens\` printed no line "UAA token:"`, {
    cure: `The session has no Cloud Foundry login: \`${program} login -a https://api.<dedicated-domain>\`, if need be with --no-iam.`,
  })
}
