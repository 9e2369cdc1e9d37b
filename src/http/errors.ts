import { Failure, reason } from '../core/errors.ts'
import { printable } from '../runner/log.ts'

/** A server answered, and not with what was asked for. */
export class HttpError extends Failure {
  override readonly name = 'HttpError'
  readonly status: number
  /** The server's own code, such as `CRG0009E`, `invalid_client`, `CF-NotAuthorized`, `DENIED` or `Forbidden`. */
  readonly code: string | undefined
  /** The server's own message, safe to print. */
  readonly detail: string
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter: number | undefined

  constructor(
    doing: string,
    answer: {
      readonly from: string
      readonly status: number
      readonly body: string
      readonly retryAfter?: number | undefined
      readonly cure?: string | undefined
    },
  ) {
    const { code, message } = serverWords(answer.body)
    const said = [code, message].filter(Boolean).join(': ')
    super(`Could not ${doing}: ${answer.from} answered ${answer.status}${said ? ` ${said}` : ''}`, {
      cure: answer.cure ?? usualCure(answer.status, answer.retryAfter),
    })
    this.status = answer.status
    this.code = code
    this.detail = message ?? ''
    this.retryAfter = answer.retryAfter
  }
}

/** No answer came, or only a part of one. */
export class NetworkError extends Failure {
  override readonly name = 'NetworkError'
  /** Whether the server may have acted: `false` only when the request surely never reached it. */
  readonly sent: boolean
  /** Whether the same will come of it in a moment, too: no https there, or a certificate that is not trusted. */
  readonly lasting: boolean

  constructor(doing: string, from: string, cause: unknown) {
    const code = systemCode(cause)
    super(`Could not ${doing}: ${from} gave no answer: ${problemOf(deepest(cause), code)}`, {
      cause,
      cure: networkCure(code),
    })
    this.lasting = isTrust(code) || /^ERR_(SSL|TLS)/.test(code)
    this.sent = !(this.lasting || NEVER_SENT.has(code))
  }
}

/** An answer that is complete and yet not what the API promises: not JSON, or without the field that matters. */
export class UnexpectedAnswer extends Failure {
  override readonly name = 'UnexpectedAnswer'

  constructor(doing: string, from: string, problem: string) {
    super(`Could not ${doing}: ${from} answered, but ${problem}`, {
      cure: 'Check that the endpoint is right and that no proxy or login page answers in its place.',
    })
  }
}

/** Whether the server may have acted although no proper answer came. */
export function isUnclear(error: unknown): boolean {
  if (error instanceof NetworkError) return error.sent
  if (error instanceof HttpError) return error.status >= 500 || error.status === 408
  return error instanceof UnexpectedAnswer
}

/** Whether the server knows who asks, and does not let them. */
export function isForbidden(error: unknown): boolean {
  return error instanceof HttpError && error.status === 403
}

/** The code and the message inside an error body, in any of the forms that the servers we talk to use. */
export function serverWords(body: string): { readonly code: string | undefined; readonly message: string | undefined } {
  const said = parse(body)
  if (said === undefined) return { code: undefined, message: words(body.replace(/<[^<>]*>/g, ' ')) }
  // Cloud Foundry v3, registries and IAM send lists; the first entry tells it all.
  const at = (Array.isArray(said.errors) ? record(said.errors[0]) : undefined) ?? said
  const codes = [at.error_code, at.title, at.message_code, at.errorCode, at.error, at.reason, at.code]
  const messages = [at.error_description, at.description, at.errorMessage, at.message, at.detail, at.details]
  return { code: firstWords(codes), message: firstWords(messages) }
}

function firstWords(values: readonly unknown[]): string | undefined {
  return values.map(words).find((text) => text !== undefined)
}

const LONGEST_MESSAGE = 500

function words(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = printable(String(value).trim().replace(/\s+/g, ' '))
  return text === '' ? undefined : text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    return record(JSON.parse(body))
  } catch {
    return undefined
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

function usualCure(status: number, retryAfter: number | undefined): string | undefined {
  if (status === 429) {
    const wait = !retryAfter || retryAfter > 86_400_000 ? 'later' : `in ${Math.ceil(retryAfter / 1000)} s`
    return `The server limits its callers: run the job again ${wait}.`
  }
  if (status >= 500) return 'The server is in trouble: run the job again later, or ask its operators.'
  if (status >= 300 && status < 400)
    return 'The server points elsewhere: give that endpoint, if you trust it, as input.'
  if (status === 407) return 'The proxy of this runner wants a login: see HTTPS_PROXY.'
  return undefined
}

/** Errors of the operating system and of undici that come before the first byte is sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Where the system's own words are for programmers, ours. */
function problemOf(error: unknown, code: string): string {
  if (code.startsWith('ERR_SSL')) return `it does not speak TLS as expected (${code})`
  if (code === OTHER_HOST) return `its certificate is for another host (${code})`
  if (isTrust(code)) return `its certificate is not trusted (${code})`
  return printable(reason(error))
}

function isTrust(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_/.test(code)
}

const OTHER_HOST = 'ERR_TLS_CERT_ALTNAME_INVALID'

function networkCure(code: string): string {
  if (code === OTHER_HOST) return 'Use the host name that stands in its certificate.'
  if (isTrust(code)) {
    return 'For IBM and registry hosts give the CA as `ca-certificates`, for a cluster in its kubeconfig.'
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Check the host name, and that this runner can resolve it.'
  if (code.startsWith('ERR_SSL')) return 'Check that the endpoint speaks https on that port.'
  return 'Check that the host is up and that this runner reaches it (firewall, HTTPS_PROXY, NO_PROXY).'
}

function systemCode(error: unknown): string {
  const inner = deepest(error)
  return inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : ''
}

/** Connecting to a host of several addresses fails with all their errors in one; the first one speaks for them. */
function deepest(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return deepest(error.errors[0])
  return error instanceof Error && error.cause instanceof Error ? deepest(error.cause) : error
}
