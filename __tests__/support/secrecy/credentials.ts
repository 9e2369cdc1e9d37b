// The secrets in what clients and servers send each other.
import type { IncomingHttpHeaders } from 'node:http'

interface SentRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The credentials of a request: in its headers, in its form, and in the Secret that it writes. */
export function credentialsOfRequest({ headers, body }: SentRequest): string[] {
  return [...credentialsOfHeaders(headers), ...credentialsOfForm(headers, body), ...secretData(parse(body))]
}

function credentialsOfHeaders(headers: IncomingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    const text = String(value)
    if (!name.endsWith('authorization'))
      return /key|token|secret|cookie/.test(name) && !name.startsWith('sec-') ? [text] : []
    const [, scheme, credential = ''] = /^(\w+) +(.+)$/.exec(text) ?? []
    return scheme?.toLowerCase() === 'basic' ? [credential, passwordOf(credential)] : [credential]
  })
}

const FORM_FIELDS = ['password', 'passcode', 'apikey', 'refresh_token', 'client_secret', 'assertion']

function credentialsOfForm(headers: IncomingHttpHeaders, body: string): string[] {
  if (!headers['content-type']?.includes('application/x-www-form-urlencoded')) return []
  const form = new URLSearchParams(body)
  return FORM_FIELDS.flatMap((name) => form.getAll(name))
}

/** The credentials that an issuer gives out, anywhere in its response. */
export function credentialsOfResponse(body: string): string[] {
  return textsOf(parse(body), ['access_token', 'apikey', 'id_token', 'refresh_token', 'secret', 'token', 'value'])
}

/** The credential that a client reads from such a response: not a refresh token, nor one in a list. */
export function issuedCredential(body: string): string[] {
  const response = parse(body)
  const { access_token, apikey, secret, token, value } = isRecord(response) ? response : {}
  return [access_token, apikey, secret, token, value].filter((text) => typeof text === 'string')
}

/** The values of a Kubernetes Secret, also as they are in base64, and the credentials in its docker config. */
export function secretData(object: unknown): string[] {
  if (!isRecord(object)) return []
  const encoded = Object.entries(isRecord(object.data) ? object.data : {})
  const plain = Object.entries(isRecord(object.stringData) ? object.stringData : {})
  const values = [...encoded.map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString()]), ...plain]
  const isSecret =
    object.kind === 'Secret' || values.some(([key]) => String(key).startsWith('.docker')) || plain.length > 0
  if (!isSecret) return []
  const texts = values.map(([, value]) => String(value))
  return [...encoded.map(([, value]) => String(value)), ...texts, ...texts.flatMap(credentialsOfDockerConfig)]
}

/** Of a docker config in its current or its former format. */
export function credentialsOfDockerConfig(config: string): string[] {
  const parsed = parse(config)
  const entries = isRecord(parsed) ? Object.values(isRecord(parsed.auths) ? parsed.auths : parsed) : []
  return entries.flatMap((entry) => {
    const auths = textsOf(entry, ['auth'])
    return [...textsOf(entry, ['password', 'identitytoken', 'registrytoken']), ...auths, ...auths.map(passwordOf)]
  })
}

export function passwordOf(basic: string): string {
  return Buffer.from(basic, 'base64')
    .toString()
    .replace(/^[^:]*:?/, '')
}

/** The texts that have such a key, at any depth. */
export function textsOf(value: unknown, keys: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === 'string' ? (keys.includes(key) ? [member] : []) : textsOf(member, keys),
  )
}

function parse(json: string): unknown {
  if (!/^\s*[{[]/.test(json)) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
