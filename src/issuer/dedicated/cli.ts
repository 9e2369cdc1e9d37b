import { abortError } from '../../core/abort.ts'
import { ActionError, reason } from '../../core/errors.ts'
import { printable } from '../../runner/log.ts'
import { mask } from '../../runner/mask.ts'
import { isNotFound, type ProgramOptions, runProgram } from '../../runner/program.ts'

/** The IBM Cloud CLI, under its current and its former name. */
const PROGRAMS = ['ibmcloud', 'bx']

/**
 * The UAA access token of the CLI session on this runner, from `ibmcloud iam oauth-tokens`; from `bx` where there is no
 * `ibmcloud`. The output of the program is never logged: it contains tokens. When `signal` aborts, the program is killed.
 * @param environment of the program: the inputs are not part of it
 * @see https://cloud.ibm.com/docs/cli?topic=cli-ibmcloud_commands_iam
 * @throws ActionError `cli-login-failed`
 */
export async function readCliSession(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  for (const program of PROGRAMS) {
    const token = await printTokens(program, { environment, signal })
    if (token !== undefined) return token
  }
  throw loginError(
    'no login was provided, and neither `ibmcloud` nor `bx` is on the PATH',
    'Set `oauth-token`, `username` and `password`, `api-key` or `passcode`; or log in with the CLI in an earlier step.',
  )
}

/** @returns undefined when the program is not on the PATH */
async function printTokens(program: string, options: ProgramOptions): Promise<string | undefined> {
  const command = `${program} iam oauth-tokens`
  const result = await runProgram([program, 'iam', 'oauth-tokens'], options).catch((error: unknown) => {
    if (options.signal.aborted) throw abortError(`log in with \`${command}\``, options.signal)
    if (isNotFound(error)) return undefined
    throw loginError(
      `could not start \`${command}\`: ${printable(reason(error))}`,
      `Check that this runner can execute \`${program}\` on the PATH.`,
      error,
    )
  })
  if (result === undefined) return undefined
  const lines = result.stdout.split(/\r?\n/).map((line) => line.trim())
  for (const line of lines) mask(tokenIn(line) ?? '')
  if (result.exitCode !== 0) {
    throw loginError(
      `\`${command}\` failed with exit code ${result.exitCode}`,
      `Log in before this step: \`${program} login -a https://api.<dedicated-domain>\`.`,
    )
  }
  return parseUaaToken(program, lines)
}

/** Finds the line by its name: current versions of the CLI print only the IAM line. */
function parseUaaToken(program: string, lines: readonly string[]): string {
  const line = lines.find((one) => /^UAA token:/i.test(one) && tokenIn(one) !== undefined)
  const token = line && tokenIn(line)
  if (token !== undefined) return token
  throw loginError(
    `\`${program} iam oauth-tokens\` printed no line "UAA token:"`,
    `The session has no Cloud Foundry login: run \`${program} login -a https://api.<dedicated-domain>\`, with --no-iam if necessary.`,
  )
}

/** The token in `IAM token:  Bearer <token>`. */
function tokenIn(line: string): string | undefined {
  const start = line.toLowerCase().indexOf('token:')
  const words = start < 0 ? [] : line.slice(start + 'token:'.length).split(/\s/)
  return words.find((word) => word !== '' && word.toLowerCase() !== 'bearer')
}

function loginError(problem: string, hint: string, cause?: unknown): ActionError {
  return new ActionError('cli-login-failed', `Could not log in: ${problem}`, { hint, cause })
}
