import { ActionError } from '../core/errors.ts'
import type { HttpError } from '../http/errors.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { printable } from '../runner/log.ts'
import { findBase64Mistakes, findQuantityMistakes } from './value-mistakes.ts'

/** An object as errors name it, and the field of it that is wrong. */
interface Mistake {
  readonly problem: string
  readonly hint: string
}

/**
 * What the API server says with status 500 about an object that does not match its schema, although a retry cannot help:
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/structuredmerge.go.
 * A conversion webhook that fails is not the fault of the manifest.
 */
const MISTAKE = /failed to create typed patch object|failed to convert new object|unable to convert unstructured object/

export function isManifestMistake({ status, serverMessage }: HttpError): boolean {
  return status === 500 && mistakeIn(serverMessage) !== undefined && !serverMessage.includes('conversion webhook')
}

/** What is wrong: what follows the first colon after the kind of mistake, and the object in parentheses. */
function mistakeIn(message: string): string | undefined {
  const match = MISTAKE.exec(message)
  if (match === null) return undefined
  const rest = message.slice(match.index + match[0].length)
  const objectEnd = rest.startsWith(' (') ? rest.indexOf(')') : 0
  const colon = rest.indexOf(': ', Math.max(0, objectEnd))
  return colon === -1 ? undefined : rest.slice(colon + 2)
}

/** Of an object with more mistakes, the rest is counted. */
const MAX_MISTAKES = 3

/** The error for an object that does not match the schema of its kind. `what` as it reads after "Could not". */
export function manifestMistake(error: HttpError, what: string, object: KubernetesObject): ActionError {
  const mistakes = explainMistakes(mistakeIn(error.serverMessage) ?? error.serverMessage, object)
  const shown = mistakes.slice(0, MAX_MISTAKES)
  const more = mistakes.length - shown.length
  const problem = shown.map((one) => one.problem).join('; ') + (more > 0 ? `; and ${more} more` : '')
  const { host: _host, status: _status, ...details } = error.details
  return new ActionError('manifest-invalid', `Could not ${what}: ${problem}`, {
    hint: [...new Set(shown.map((one) => one.hint))].join(' '),
    details,
  })
}

/** Each with a message of the API server. What it got there is left out: it can be the value of a Secret. */
const MISTAKES: readonly (readonly [pattern: RegExp, explain: (...parts: string[]) => Mistake])[] = [
  [
    /^(\S+): field not declared in schema/,
    (field = '') => ({
      problem: `its kind has no field ${field}`,
      hint: 'Correct the name of the field, or remove it. `kubectl explain` lists the fields of a kind.',
    }),
  ],
  [
    /^(\S+): duplicate entries for key \[(.+)\]/,
    (field = '', key = '') => ({
      problem: `${field} has more than one entry with ${key}`,
      hint: 'Remove all but one. `kubectl apply` stores all of them; of environment variables, the last one takes effect.',
    }),
  ],
  [
    /^(\S+): expected ([^,]+), got/,
    (field = '', type = '') => ({
      problem: `${field} must be of the type ${type}`,
      hint: type === 'string' ? 'Put the value in quotes.' : 'Correct the value. A value in quotes is a string.',
    }),
  ],
  [
    /^(\S+): element (\d+): associative list with keys has an element that omits key field "(\w+)"/,
    (field = '', index = '', key = '') => ({
      problem: `entry ${index} of ${field} has no ${key}`,
      hint: `Add the field ${key}. This version of Kubernetes needs it to merge the list.`,
    }),
  ],
]

/** Several mistakes are a list of lines, which are one line here. */
function explainMistakes(message: string, object: KubernetesObject): Mistake[] {
  const lines = message.startsWith('errors: ') ? message.slice('errors: '.length).split(/ (?=\.\S+: )/) : [message]
  const known = lines.flatMap((line) => explainMistake(line) ?? [])
  if (known.length > 0) return known
  const named = nameFields(message, object)
  return named.length > 0
    ? named
    : [{ problem: message.split(', got ')[0] ?? '', hint: 'Correct the value that the message names.' }]
}

function explainMistake(message: string): Mistake | undefined {
  for (const [pattern, explain] of MISTAKES) {
    const match = pattern.exec(message)
    if (match !== null) return explain(...match.slice(1))
  }
  return undefined
}

/** The fields of a message that says only what is wrong. */
function nameFields(message: string, object: KubernetesObject): Mistake[] {
  if (/quantities must match|unable to parse quantity/.test(message))
    return findQuantityMistakes(object).map(({ field, value }) => ({
      problem: printable(`${field} is not a quantity: ${JSON.stringify(value)}`),
      hint: 'Write a quantity as a number, with a unit such as m, k, M, Mi or Gi: 500m, 128Mi.',
    }))
  if (message.includes('illegal base64 data'))
    return findBase64Mistakes(object).map((field) => ({
      problem: printable(`${field} is not base64`),
      hint: 'Encode the value with `base64`, or move it to `stringData`, which takes it as it is.',
    }))
  return []
}
