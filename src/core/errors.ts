/**
 * A failure told to a person: what was being done, to whom and what came back (`message`), and what to do about it
 * (`cure`). Everything that a run reports is one of these; anything else is a fault of this action.
 */
export class Failure extends Error {
  override readonly name: string = 'Failure'
  readonly cure: string | undefined
  /** What the cure speaks of, to be applied: a manifest, many lines. */
  readonly manifest: string | undefined

  constructor(
    message: string,
    options: {
      readonly cure?: string | undefined
      readonly manifest?: string | undefined
      readonly cause?: unknown
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.cure = options.cure
    this.manifest = options.manifest
  }
}

/** One input that cannot be used: its name, what is wrong with it, and what is allowed. */
export class InputError extends Failure {
  override readonly name = 'InputError'
  readonly input: string

  constructor(input: string, problem: string, allowed?: string) {
    super(`Input \`${input}\` ${problem}`, { cure: allowed })
    this.input = input
  }
}

/** Several failures of one run, each of them to be reported by itself. */
export class Failures extends AggregateError {
  override readonly name = 'Failures'
}

/** The sentences for a person, one per cause. A user's mistake never shows a stack trace; a fault of ours names itself. */
export function explain(error: unknown): string[] {
  if (error instanceof Failures) return error.errors.flatMap(explain)
  if (error instanceof Failure)
    return [[sentence(error.message), error.cure && sentence(error.cure)].filter(Boolean).join(' ')]
  return [
    `${sentence(`This is a fault of registry-pull-secret: ${reason(error)}`)} Please report it with the log of this step.`,
  ]
}

/** The manifests that would mend something of it, each once. */
export function manifestsOf(errors: readonly unknown[]): string[] {
  const all = errors.flatMap((error) => (error instanceof Failures ? error.errors : [error]))
  return [...new Set(all.flatMap((error) => (error instanceof Failure ? (error.manifest ?? []) : [])))]
}

/** The message of anything that was thrown, with the system's code where it has one. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const text = error.message || error.name
  return code && !text.includes(code) ? `${text} (${code})` : text
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
