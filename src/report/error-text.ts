import { type ActionError, actionErrorsOf } from '../core/errors.ts'

/** An error as one line for a person: what happened, and what to do about it. */
export function errorText({ message, hint }: ActionError): string {
  return [sentence(message), hint && sentence(hint)].filter(Boolean).join(' ')
}

/** The lines for anything that was thrown, one per error. */
export function explain(thrown: unknown): string[] {
  return actionErrorsOf(thrown).map(errorText)
}

/** The manifests that would fix something of it, each once. */
export function manifestsOf(errors: readonly ActionError[]): string[] {
  return [...new Set(errors.flatMap(({ details }) => details.manifest ?? []))]
}

/** With a full stop. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
