// A server that repeats what it was sent, as debug pages and misconfigured gateways do.
import type { FakeResponse } from '../http/exchange.ts'
import { escapedForms } from './forms.ts'

/** An error whose message contains these credentials in every encoding that a server may write. */
export function echo(credentials: readonly string[], status = 403): FakeResponse {
  const message = [...new Set(credentials)].flatMap(encodings).join(', ')
  const body = JSON.stringify({ code: 'ECHO', message: `You sent ${message}.` })
  return { status, headers: { 'content-type': 'application/json' }, body }
}

function encodings(credential: string): string[] {
  const escaped = [...escapedForms(credential)].map(([, text]) => text)
  const base64 = (['base64', 'base64url'] as const).flatMap((encoding) =>
    ['', 'u', 'us'].map((before) => Buffer.from(`${before}${credential}, more`).toString(encoding)),
  )
  return [...new Set([credential, ...escaped, ...base64])]
}
