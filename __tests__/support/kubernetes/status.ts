// Errors of the API server: a Status, with the exact messages of the real one.
import { plural, type Resource } from './resources.ts'

export interface Cause {
  readonly reason: string
  readonly message: string
  readonly field?: string
}

interface Details {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly Cause[]
  readonly retryAfterSeconds?: number
}

/** A refusal on its way to the client. */
export class Refusal extends Error {
  readonly code: number
  readonly reason: string
  readonly details: Details | undefined

  constructor(code: number, reason: string, message: string, details?: Details) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
  }

  get status(): object {
    const { code, reason, message, details } = this
    return { ...base, status: 'Failure', message, ...(reason && { reason }), ...(details && { details }), code }
  }
}

const base = { kind: 'Status', apiVersion: 'v1', metadata: {} }

export function success(details: Details): object {
  return { ...base, status: 'Success', details }
}

export const unauthorized = () => new Refusal(401, 'Unauthorized', 'Unauthorized')

export const badRequest = (message: string) => new Refusal(400, 'BadRequest', message)

/** What the server did not expect comes without a reason. */
export const internalError = (message: string) => new Refusal(500, '', message)

export const expired = (message: string) => new Refusal(410, 'Expired', message)

export const resourceUnknown = () =>
  new Refusal(404, 'NotFound', 'the server could not find the requested resource', {})

export const methodNotAllowed = () =>
  new Refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})

export const unsupportedMediaType = (accepted: readonly string[]) =>
  new Refusal(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  )

export const notFound = (resource: Resource, name: string) =>
  new Refusal(404, 'NotFound', `${plural(resource)} "${name}" not found`, subject(resource, name))

export const alreadyExists = (resource: Resource, name: string) =>
  new Refusal(409, 'AlreadyExists', `${plural(resource)} "${name}" already exists`, subject(resource, name))

export const forbidden = (resource: Resource, name: string, why: string) =>
  new Refusal(
    403,
    'Forbidden',
    `${plural(resource)} ${name === '' ? '' : `"${name}" `}is forbidden: ${why}`,
    subject(resource, name),
  )

export const conflict = (
  resource: Resource,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
) =>
  new Refusal(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${plural(resource)} "${name}": ${why}`,
    subject(resource, name),
  )

/** Validation errors, all at once. */
export function invalid(resource: Resource, name: string, causes: readonly Cause[]): Refusal {
  const sentences = causes.map(({ field, message }) => `${field}: ${message}`)
  const list = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`
  const details = { ...subject(resource, name), kind: resource.kind, causes }
  return new Refusal(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, details)
}

export const required = (field: string, what = ''): Cause => ({
  field,
  reason: 'FieldValueRequired',
  message: what === '' ? 'Required value' : `Required value: ${what}`,
})

export const invalidValue = (field: string, value: unknown, why: string): Cause => ({
  field,
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
})

export const notAllowed = (field: string, why: string): Cause => ({
  field,
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
})

function subject({ group, resource }: Resource, name: string): Details {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource }
}
