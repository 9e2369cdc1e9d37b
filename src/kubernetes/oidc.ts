import { asText } from '../core/json.ts'
import { claimsOf } from '../core/jwt.ts'
import type { Send } from '../http/client.ts'
import { HttpError } from '../http/errors.ts'
import { mask } from '../runner/mask.ts'

/**
 * The runner's token service, and the audience of the tokens:
 * https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export interface TokenService {
  /** `ACTIONS_ID_TOKEN_REQUEST_URL`, which has a query. */
  readonly url: string
  /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly requestToken: string
  readonly audience: string
}

/** The name of an `authProvider` of a kubeconfig user whose `config` is a TokenService. */
export const GITHUB_OIDC = 'github-oidc'

/** A token is renewed after this part of its life: of GitHub's five minutes, after four. */
const RENEW_AFTER = 4 / 5

/** Of a token without `iat` or `exp`. */
const DEFAULT_LIFE_MS = 60_000

/** An API server that rejects every token gets one new token in this time. */
const MIN_DISCARD_INTERVAL_MS = 60_000

const PERMISSION_HINT = 'Check that the job has `permissions: id-token: write`.'

/**
 * Sends each request with a current token. When the API server rejects the token, for example because its clock is ahead, the
 * request is sent again with a new one.
 */
export function sendWithOidc(send: Send, tokens: OidcTokens): Send {
  return async (request) => {
    const sendWith = (token: string) =>
      send({
        ...request,
        credentials: { ...request.credentials, authorization: `Bearer ${token}` },
        hints: { ...request.hints, 401: rejectionHint(token, tokens.audience) },
      })
    const token = await tokens.current()
    try {
      return await sendWith(token)
    } catch (error) {
      const isRejected = error instanceof HttpError && error.status === 401
      if (!isRejected || !tokens.discard(token)) throw error
      return await sendWith(await tokens.current())
    }
  }
}

export interface OidcOptions {
  readonly service: TokenService
  /** The context of the kubeconfig. */
  readonly cluster: string
  /** Sends the requests for tokens. */
  readonly send: Send
}

/**
 * GitHub's OIDC tokens for one cluster. `getIDToken` of @actions/core is not used: it cannot be aborted, its errors are only
 * texts, and it loads an HTTP client at the start of every run (docs/decisions/0010-own-oidc-token-request.md).
 */
export class OidcTokens {
  readonly audience: string
  readonly #options: OidcOptions
  #token: { readonly value: string; readonly renewAtMs: number } | undefined
  #pendingToken: Promise<string> | undefined
  #discardedAtMs = 0

  constructor(options: OidcOptions) {
    this.#options = options
    this.audience = options.service.audience
  }

  async credentials(): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.current()}` }
  }

  /** Concurrent callers share one request. @throws HttpError | NetworkError | UnexpectedResponse with `oidc-…` codes */
  async current(): Promise<string> {
    if (this.#token !== undefined && Date.now() < this.#token.renewAtMs) return this.#token.value
    this.#pendingToken ??= this.#request().finally(() => {
      this.#pendingToken = undefined
    })
    return await this.#pendingToken
  }

  /**
   * Forgets a token that the API server rejected, for one or several requests.
   * @returns whether the request is worth another attempt
   */
  discard(rejected: string): boolean {
    if (this.#token?.value !== rejected) return true
    if (Date.now() - this.#discardedAtMs < MIN_DISCARD_INTERVAL_MS) return false
    this.#discardedAtMs = Date.now()
    this.#token = undefined
    return true
  }

  async #request(): Promise<string> {
    const { service, cluster, send } = this.#options
    const url = new URL(service.url)
    url.searchParams.set('audience', service.audience)
    const response = await send({
      service: 'oidc',
      operation: `request a GitHub OIDC token for the cluster ${cluster}`,
      url,
      about: { cluster },
      credentials: { authorization: `Bearer ${service.requestToken}` },
      hints: { 401: PERMISSION_HINT, 403: PERMISSION_HINT },
    })
    const value = asText(response.json().value)
    if (value === undefined) throw response.unexpected('it contains no token')
    mask(value)
    this.#token = { value, renewAtMs: Date.now() + lifeMsOf(value) * RENEW_AFTER }
    return value
  }
}

/** `exp` minus `iat`, both of GitHub's clock: the clock of this runner may be wrong. */
function lifeMsOf(token: string): number {
  const { iat, exp } = claimsOf(token)
  return typeof iat === 'number' && typeof exp === 'number' ? (exp - iat) * 1000 : DEFAULT_LIFE_MS
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens */
function rejectionHint(token: string, audience: string): string {
  const issuer = asText(claimsOf(token).iss) ?? 'of GitHub'
  return `The API server must trust the issuer ${issuer} for the audience ${audience}, and its clock must be right.`
}
