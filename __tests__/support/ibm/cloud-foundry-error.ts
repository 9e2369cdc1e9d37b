import { type FakeResponse, json } from '../http/exchange.ts'

/** A refusal of the Cloud Foundry API, in the shape of its version. */
export function refuse(
  version: 'v2' | 'v3',
  status: number,
  code: number,
  title: string,
  detail: string,
): FakeResponse {
  return version === 'v2'
    ? json(status, { description: detail, error_code: title, code })
    : json(status, { errors: [{ code, title, detail }] })
}
