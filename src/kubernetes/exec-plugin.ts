import { abortError } from '../core/abort.ts'
import { type ActionError, reason } from '../core/errors.ts'
import { asObject, asObjects, asText } from '../core/json.ts'
import { info, printable } from '../runner/log.ts'
import { redact } from '../runner/mask.ts'
import { asksForPerson, excerptOf } from '../runner/program-output.ts'
import { MAX_STDOUT_BYTES, OutputTooLarge, type ProgramResult, runProgram } from './child-process.ts'
import type { IssuedCredential } from './credential-source.ts'
import { parseExecCredential } from './exec-credential.ts'
import { findProgram } from './find-program.ts'
import { loginError } from './login-error.ts'

/** kubectl shows stderr at once. Here it is of interest only when a plugin does not return. */
const SLOW_MS = 5000
const TIMEOUT_MS = 60_000

/** A plugin of a kubeconfig user: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#ExecConfig */
export interface ExecPlugin {
  /** The context of the kubeconfig. */
  readonly cluster: string
  /** The `exec` of the user, as it is in the kubeconfig. */
  readonly exec: unknown
  /** The folder of the kubeconfig; absent when it is not a file. */
  readonly folder: string | undefined
  /** For the plugin, if its `provideClusterInfo` is set: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#Cluster */
  readonly clusterInfo: Readonly<Record<string, unknown>>
  /** Of a child process. */
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

class NeedsPerson extends Error {}
class TookTooLong extends Error {}

/** Runs the plugin once. @throws ActionError `cluster-login-failed`, or when the run is aborted */
export async function runExecPlugin(plugin: ExecPlugin): Promise<IssuedCredential> {
  const { exec, signal, folder, environment } = plugin
  const { command, apiVersion, args } = readExec(exec)
  const path = findProgram(command, { folder, environment })
  if (path === undefined) throw notFound(plugin)
  const own = new AbortController()
  const timeout = setTimeout(() => own.abort(new TookTooLong()), TIMEOUT_MS)
  const shown = { stderr: '' }
  const slow = setTimeout(() => logSlow(command, shown.stderr), SLOW_MS)
  try {
    const result = await runProgram(
      { path, args, environment: pluginEnvironment(plugin) },
      {
        signal: AbortSignal.any([signal, own.signal]),
        onStderr(stderr) {
          shown.stderr = stderr
          if (asksForPerson(stderr)) own.abort(new NeedsPerson())
        },
      },
    )
    if (result.exitCode !== 0) throw new Error(exitProblem(result))
    return parseExecCredential(result.stdout, apiVersion)
  } catch (error) {
    logStderr(command, shown.stderr)
    throw failure(plugin, error, shown.stderr)
  } finally {
    clearTimeout(timeout)
    clearTimeout(slow)
  }
}

function readExec(exec: unknown) {
  const { command, apiVersion, args } = asObject(exec)
  return {
    command: asText(command) ?? '',
    apiVersion: asText(apiVersion) ?? '',
    args: Array.isArray(args) ? args.map(String) : [],
  }
}

function pluginEnvironment({ exec, clusterInfo, environment }: ExecPlugin): NodeJS.ProcessEnv {
  const { env, provideClusterInfo, apiVersion } = asObject(exec)
  const own = asObjects(env).map(({ name, value }) => [String(name), String(value ?? '')])
  const spec = { interactive: false, ...(provideClusterInfo === true && { cluster: clusterInfo }) }
  const info = JSON.stringify({ kind: 'ExecCredential', apiVersion, spec })
  return { ...environment, ...Object.fromEntries(own), KUBERNETES_EXEC_INFO: info }
}

function logSlow(command: string, stderr: string): void {
  info(`The exec plugin ${command} has been running for ${SLOW_MS / 1000} s.`)
  logStderr(command, stderr)
}

function logStderr(command: string, stderr: string): void {
  const lines = excerptOf(stderr)
  if (lines.length > 0) info(`The exec plugin ${command} wrote to stderr (what looks like a secret is replaced):`)
  for (const line of lines) info(`  ${line}`)
}

function exitProblem({ exitCode }: ProgramResult): string {
  return exitCode === null ? 'was ended by a signal' : `failed with exit code ${exitCode}`
}

function notFound({ cluster, exec }: ExecPlugin): ActionError {
  const { command, installHint } = asObject(exec)
  const name = printable(asText(command) ?? '')
  return loginError(cluster, `the exec plugin \`${name}\` of its kubeconfig user is not installed`, {
    hint: installHintOf(installHint) ?? `Install \`${name}\` in an earlier step.`,
  })
}

/** The hint has several lines and is written by the author of the kubeconfig. */
function installHintOf(hint: unknown): string | undefined {
  const text = redact(asText(hint) ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return text === '' ? undefined : printable(text).slice(0, MAX_HINT_LENGTH)
}

const MAX_HINT_LENGTH = 1000

/** Stderr is not part of the error: errors are in the job summary, and plugins print what no mask knows. */
function failure({ cluster, exec, signal }: ExecPlugin, error: unknown, stderr: string): ActionError {
  const command = printable(readExec(exec).command)
  if (signal.aborted) return abortError(`authenticate to the cluster ${cluster} with \`${command}\``, signal)
  const problem =
    error instanceof NeedsPerson
      ? 'asks a person to sign in'
      : error instanceof TookTooLong
        ? `did not return a credential within ${TIMEOUT_MS / 1000} s`
        : error instanceof OutputTooLarge
          ? `wrote more than ${MAX_STDOUT_BYTES / 1024 ** 2} MiB`
          : isSystemError(error)
            ? `could not be started: ${reason(error)}`
            : reason(error)
  const hint =
    error instanceof NeedsPerson
      ? NON_INTERACTIVE_HINT
      : `${stderr.trim() === '' ? '' : 'The log shows what it wrote to stderr. '}${SET_UP_HINT}`
  return loginError(cluster, `the exec plugin \`${command}\` ${problem}`, { cause: error, hint })
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

const SET_UP_HINT = 'Check its arguments in the kubeconfig, and that it is set up and logged in, in an earlier step.'

/** https://azure.github.io/kubelogin/concepts/login-modes.html */
const NON_INTERACTIVE_HINT =
  'A workflow needs a login without a person: the token of a service account, `kube-oidc-audience`, or another mode of the plugin. For Azure run `kubelogin convert-kubeconfig -l workloadidentity` (or `-l azurecli` after azure/login, or `-l spn`) in an earlier step.'
