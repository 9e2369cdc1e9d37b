import { asText, claimsOf } from '../core/json.ts'
import { createSend, type Send } from '../http/client.ts'
import { createDispatcher } from '../http/dispatcher.ts'
import { HttpError, UnexpectedAnswer } from '../http/errors.ts'
import { mask } from '../runner/mask.ts'

/** Where the runner lets a job ask for OIDC tokens, and for which audience. */
export interface TokenService {
  /** It has a query already. */
  readonly url: string
  readonly requestToken: string
  readonly audience: string
}

/** As users of a kubeconfig name it in their `authProvider`, whose `config` is a TokenService. */
export const GITHUB_OIDC = 'github-oidc'

/** A token is renewed when less than this part of its life is left: of GitHub's five minutes, the last one. */
const LAST_PART = 1 / 5

/** Milliseconds; for a token that does not tell when it ends. */
const SHORT_LIFE = 60_000

/** Milliseconds; an API server that takes none is not served one after another. */
const BETWEEN_DISCARDS = 60_000

/**
 * Sends each request with the token of the moment, and once more with a new one when the API server refuses it: its
 * clock may be ahead.
 */
export function sendWithOidc(send: Send, tokens: OidcTokens): Send {
  return async (request) => {
    const attempt = (token: string) =>
      send({
        ...request,
        credentials: { ...request.credentials, authorization: `Bearer ${token}` },
        cures: { ...request.cures, 401: refusalCure(token, tokens.service) },
      })
    const token = await tokens.current()
    try {
      return await attempt(token)
    } catch (error) {
      const isRefused = error instanceof HttpError && error.status === 401
      if (!isRefused || !tokens.discard(token)) throw error
      return await attempt(await tokens.current())
    }
  }
}

/** The token of the moment for one cluster. */
export class OidcTokens {
  readonly service: TokenService
  readonly #send: Send
  readonly #context: string
  #token: { readonly value: string; readonly renewAt: number } | undefined
  #fetching: Promise<string> | undefined
  #discardedAt = 0

  constructor(service: TokenService, context: string, signal: AbortSignal) {
    this.service = service
    this.#send = createSend(createDispatcher(undefined), signal)
    this.#context = context
  }

  async credentials(): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.current()}` }
  }

  /** All who come while a token is fetched get that one. */
  async current(): Promise<string> {
    if (this.#token !== undefined && Date.now() < this.#token.renewAt) return this.#token.value
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined
    })
    return await this.#fetching
  }

  /**
   * Takes back a token that was refused, of one or of many requests.
   * @returns whether another one is worth a try
   */
  discard(refused: string): boolean {
    if (this.#token?.value !== refused) return true
    if (Date.now() - this.#discardedAt < BETWEEN_DISCARDS) return false
    this.#discardedAt = Date.now()
    this.#token = undefined
    return true
  }

  async #fetch(): Promise<string> {
    const url = new URL(this.service.url)
    url.searchParams.set('audience', this.service.audience)
    const doing = `get an OIDC token of GitHub for the cluster ${this.#context}`
    const answer = await this.#send({
      doing,
      url,
      credentials: { authorization: `Bearer ${this.service.requestToken}` },
      cures: { 401: PERMISSION, 403: PERMISSION },
    })
    const value = asText(answer.json().value)
    if (value === undefined) {
      throw new UnexpectedAnswer(doing, `GET ${url.origin}${url.pathname}`, 'it holds no token')
    }
    mask(value)
    this.#token = { value, renewAt: Date.now() + lifeOf(value) * (1 - LAST_PART) }
    return value
  }
}

const PERMISSION = 'Check that the job has `permissions: id-token: write`.'

/** Milliseconds, by the issuer's clock alone: ours may be wrong. */
function lifeOf(token: string): number {
  const { iat, exp } = claimsOf(token)
  return typeof iat === 'number' && typeof exp === 'number' ? (exp - iat) * 1000 : SHORT_LIFE
}

function refusalCure(token: string, { audience }: TokenService): string {
  const { iss } = claimsOf(token)
  const issuer = asText(iss) ?? 'of GitHub'
  return `The API server must trust the issuer ${issuer} for the audience ${audience}, and its clock must be right.`
}
