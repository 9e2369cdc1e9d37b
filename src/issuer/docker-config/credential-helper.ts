import { abortError } from '../../core/abort.ts'
import { ActionError, reason } from '../../core/errors.ts'
import { asObject, asText, isObject } from '../../core/json.ts'
import { printable } from '../../runner/log.ts'
import { mask } from '../../runner/mask.ts'
import { isNotFound, type ProgramResult, runProgram } from '../../runner/program.ts'
import { excerptOf } from '../../runner/program-output.ts'
import { type ConfigEntry, loginOf } from './entry.ts'

export interface HelperOptions {
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/** One that takes longer waits for a person, or for a server that does not respond. */
const HELPER_TIMEOUT_MS = 60_000

/** https://github.com/docker/docker-credential-helpers/blob/master/credentials/error.go */
const NOT_FOUND = 'credentials not found in native keychain'

/** What stands for the user name of a refresh token: https://github.com/docker/cli/blob/master/cli/config/credentials/native_store.go */
const TOKEN_USERNAME = '<token>'

/**
 * Asks a credential helper for the credential of a registry host. The host goes to its input, the secret comes from its output:
 * neither is part of a command line or of the log.
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-helper-protocol
 * @throws ActionError `credential-helper-failed`
 */
export async function getCredential(helper: string, key: string, options: HelperOptions): Promise<ConfigEntry> {
  const call: Call = { helper, command: 'get' }
  const { exitCode, stdout, stderr } = await run(call, key, options)
  const json = parseObject(stdout)
  const secret = asText(json?.Secret)
  if (secret !== undefined) mask(secret, json?.Username)
  if (exitCode !== 0) {
    if (stdout.trim() === NOT_FOUND) return { kind: 'empty' }
    throw failure(call, `failed for ${key} ${howItEnded(exitCode)}${messageIn(stdout, stderr)}`)
  }
  const username = asText(json?.Username)
  if (secret === undefined || username === undefined) throw failure(call, `printed no user name and secret for ${key}`)
  return username === TOKEN_USERNAME ? { kind: 'identity-token' } : loginOf(username, secret)
}

/**
 * The registry hosts that a credential helper has credentials for.
 * @throws ActionError `credential-helper-failed`
 */
export async function listKeys(helper: string, options: HelperOptions): Promise<string[]> {
  const call: Call = { helper, command: 'list' }
  const { exitCode, stdout, stderr } = await run(call, '', options)
  if (exitCode !== 0) throw failure(call, `failed ${howItEnded(exitCode)}${messageIn(stdout, stderr)}`)
  const json = parseObject(stdout)
  if (json === undefined) throw failure(call, 'did not print a JSON object')
  return Object.keys(json)
}

interface Call {
  readonly helper: string
  readonly command: 'get' | 'list'
}

async function run(call: Call, input: string, { environment, signal }: HelperOptions): Promise<ProgramResult> {
  const program = programOf(call)
  const limited = AbortSignal.any([signal, AbortSignal.timeout(HELPER_TIMEOUT_MS)])
  try {
    return await runProgram([program, call.command], { environment, signal: limited, input })
  } catch (error) {
    if (signal.aborted) throw abortError(`ask ${program}`, signal)
    if (limited.aborted) throw failure(call, 'did not respond within a minute')
    throw isNotFound(error)
      ? failure(call, 'is not on the PATH of this runner', error)
      : failure(call, `could not be run: ${reason(error)}`, error)
  }
}

function programOf({ helper }: Call): string {
  return `docker-credential-${helper}`
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) ? asObject(json) : undefined
  } catch {
    return undefined
  }
}

function howItEnded(exitCode: number | null): string {
  return exitCode === null ? 'by a signal' : `with exit code ${exitCode}`
}

/** A helper prints its errors to the same output as its secrets: nothing that may be JSON, or a part of it, is shown. */
function messageIn(stdout: string, stderr: string): string {
  const [line] = excerptOf(/[{}"]/.test(stdout) || stdout.trim() === '' ? stderr : stdout)
  return line === undefined ? '' : `: ${line}`
}

function failure(call: Call, problem: string, cause?: unknown): ActionError {
  return new ActionError(
    'credential-helper-failed',
    printable(`The credential helper \`${programOf(call)} ${call.command}\` ${problem}`),
    {
      hint: 'Let the step that logs in to the registry, or that installs the helper, run in this job before this one; or take only other hosts: set `docker-server`.',
      cause,
    },
  )
}
