import type { ErrorCode } from './error-codes.ts'

/** Where an error comes from, as far as it is known. The job summary groups errors by these fields. */
export interface ErrorDetails {
  /** `host:port` of the server. */
  readonly host?: string | undefined
  /** The context of the kubeconfig. */
  readonly cluster?: string | undefined
  readonly namespace?: string | undefined
  /** The Kubernetes object, as kubectl names it: `secrets/regcred`. */
  readonly resource?: string | undefined
  /** The HTTP status. */
  readonly status?: number | undefined
  /** The server's own code, such as `CRG0009E`, `invalid_client`, `CF-NotAuthorized`, `DENIED` or `Forbidden`. */
  readonly serverCode?: string | undefined
  /** YAML of Kubernetes objects that fix the error when the user applies them. */
  readonly manifest?: string | undefined
}

export interface ErrorOptions {
  /** What the user can do about it. */
  readonly hint?: string | undefined
  readonly details?: ErrorDetails
  readonly cause?: unknown
}

/**
 * An error for the user: the operation, the server and its response (`message`), and what the user can do (`hint`).
 * Every error that a run reports is an ActionError; any other exception is a bug in this action.
 */
export class ActionError extends Error {
  override readonly name: string = 'ActionError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, { hint, details = {}, cause }: ErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
    this.details = details
  }
}

/** An invalid input: its name, what is wrong with it, and what is allowed. */
export class InputError extends ActionError {
  override readonly name = 'InputError'
  readonly input: string

  constructor(input: string, problem: string, allowed?: string) {
    super('invalid-input', `Input \`${input}\` ${problem}`, { hint: allowed })
    this.input = input
  }
}

/** Several errors of one run, each of which is reported. */
export class ActionErrors extends AggregateError {
  override readonly name = 'ActionErrors'
  declare readonly errors: ActionError[]
}

/** All errors in a thrown value. An exception that is not an ActionError is a bug and becomes an `internal-error`. */
export function actionErrorsOf(thrown: unknown): ActionError[] {
  if (thrown instanceof ActionErrors) return thrown.errors.flatMap(actionErrorsOf)
  if (thrown instanceof ActionError) return [thrown]
  return [
    new ActionError('internal-error', `This is a bug in registry-pull-secret: ${reason(thrown)}`, {
      hint: 'Please report it with the log of this step.',
      cause: thrown,
    }),
  ]
}

/** One error for a thrown value, where only one can be reported. */
export function actionErrorOf(thrown: unknown): ActionError {
  const [first, ...others] = actionErrorsOf(thrown)
  if (first === undefined || others.length > 0)
    return new ActionError('internal-error', reason(thrown), { cause: thrown })
  return first
}

/** The message of a thrown value, with the system's error code if there is one. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code =
    !(error instanceof ActionError) && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const text = error.message || error.name
  return code && !text.includes(code) ? `${text} (${code})` : text
}
