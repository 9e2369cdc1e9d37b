import { getExecOutput } from '@actions/exec'
import { ActionError, reason } from '../../core/errors.ts'
import { printable } from '../../runner/log.ts'
import { mask } from '../../runner/mask.ts'

/** The IBM Cloud CLI, under its current and its former name. */
const PROGRAMS = ['ibmcloud', 'bx']

/**
 * The UAA access token of the CLI session on this runner, from `ibmcloud iam oauth-tokens`; from `bx` where there is no
 * `ibmcloud`. The output of the program is never logged: it contains tokens.
 * @param environment of the program: the inputs are not part of it
 * @see https://cloud.ibm.com/docs/cli?topic=cli-ibmcloud_commands_iam
 * @throws ActionError `cli-login-failed`
 */
export async function readCliSession(environment: NodeJS.ProcessEnv): Promise<string> {
  for (const program of PROGRAMS) {
    const output = await printTokens(program, environment)
    if (output !== undefined) return parseUaaToken(program, output)
  }
  throw loginError(
    'no login was provided, and neither `ibmcloud` nor `bx` is on the PATH',
    'Set `oauth-token`, `username` and `password`, `api-key` or `passcode`; or log in with the CLI in an earlier step.',
  )
}

/** @returns undefined when the program is not on the PATH */
async function printTokens(program: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const command = `${program} iam oauth-tokens`
  const result = await getExecOutput(program, ['iam', 'oauth-tokens'], {
    env: variablesOf(environment),
    silent: true,
    ignoreReturnCode: true,
  }).catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('Unable to locate executable file')) return undefined
    throw loginError(
      `could not start \`${command}\`: ${printable(reason(error))}`,
      `Check that this runner can execute \`${program}\` on the PATH.`,
      error,
    )
  })
  if (result === undefined) return undefined
  for (const [, token] of result.stdout.matchAll(/token:\s+(?:Bearer\s+)?(\S+)/gi)) mask(token ?? '')
  if (result.exitCode !== 0) {
    throw loginError(
      `\`${command}\` failed with exit code ${result.exitCode}`,
      `Log in before this step: \`${program} login -a https://api.<dedicated-domain>\`.`,
    )
  }
  return result.stdout
}

function variablesOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value = '']) => [name, value]))
}

/** Finds the line by its name: current versions of the CLI print only the IAM line. */
function parseUaaToken(program: string, output: string): string {
  const token = /^\s*UAA token:\s+(?:Bearer[^\S\n]+)?(?!Bearer\s*$)(\S+)\s*$/im.exec(output)?.[1]
  if (token !== undefined) return token
  throw loginError(
    `\`${program} iam oauth-tokens\` printed no line "UAA token:"`,
    `The session has no Cloud Foundry login: run \`${program} login -a https://api.<dedicated-domain>\`, with --no-iam if necessary.`,
  )
}

function loginError(problem: string, hint: string, cause?: unknown): ActionError {
  return new ActionError('cli-login-failed', `Could not log in: ${problem}`, { hint, cause })
}
