// How Harbor refuses: https://github.com/goharbor/harbor/blob/c50c7ddd/src/lib/http/error.go
import { type FakeResponse, json } from '../http/exchange.ts'

const STATUSES = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  DENIED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PRECONDITION: 412,
  UNPROCESSABLE_ENTITY: 422,
  UNKNOWN: 500,
} as const

export type HarborCode = keyof typeof STATUSES

export function refuse(code: HarborCode, message: string, headers: FakeResponse['headers'] = {}): FakeResponse {
  return json(STATUSES[code], { errors: [{ code, message }] }, headers)
}

export const unauthorized = () => refuse('UNAUTHORIZED', 'unauthorized')
/** What went wrong is only in Harbor's own log. */
export const internalError = () => refuse('UNKNOWN', 'internal server error')
