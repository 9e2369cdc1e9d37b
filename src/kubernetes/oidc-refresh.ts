import { isAbort } from '../core/abort.ts'
import { reason } from '../core/errors.ts'
import { asText } from '../core/json.ts'
import { claimsOf, expiryOf } from '../core/jwt.ts'
import { withoutFinalSlashes } from '../http/address.ts'
import type { Send } from '../http/client.ts'
import { HttpError } from '../http/errors.ts'
import { acceptNamedServer } from '../http/named-server.ts'
import type { HttpResponse } from '../http/response.ts'
import { mask, maskBasic } from '../runner/mask.ts'
import { tokenProblem, trimToken } from './bearer-token.ts'
import { loginError } from './login-error.ts'

/** The `config` of a kubeconfig user's auth-provider `oidc`. */
export interface OidcProvider {
  readonly 'idp-issuer-url'?: unknown
  readonly 'client-id'?: unknown
  readonly 'client-secret'?: unknown
  readonly 'id-token'?: unknown
  readonly 'refresh-token'?: unknown
}

export interface IdToken {
  readonly value: string
  /** Infinity: unknown. */
  readonly expiresAtMs: number
}

/** A token counts as expired this long before it expires, as in client-go. */
const EXPIRY_TOLERANCE_MS = 10_000

/**
 * The id-tokens of a person who logged in with OIDC. client-node 2.0.1 refreshes them with each request, and fails to parse the issuer.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#option-1-oidc-authenticator
 */
export class OidcSession {
  readonly #provider: OidcProvider
  readonly #cluster: string
  readonly #send: Send
  #stored: string | undefined
  /** An issuer may replace it with each use. The new one is in memory only. */
  #refreshToken: string | undefined

  /** @param cluster the context of the kubeconfig, for errors */
  constructor(provider: OidcProvider, cluster: string, send: Send) {
    this.#provider = provider
    this.#cluster = cluster
    this.#send = send
    this.#stored = trimToken(asText(provider['id-token']) ?? '')
    this.#refreshToken = trimToken(asText(provider['refresh-token']) ?? '')
  }

  /** The stored token the first time, if it has not expired; then a new one. @throws ActionError `cluster-login-failed` */
  async next(): Promise<IdToken> {
    const stored = this.#stored === undefined ? undefined : withExpiry(this.#stored)
    this.#stored = undefined
    if (stored !== undefined && stored.expiresAtMs > Date.now()) return stored
    try {
      return await this.#refresh()
    } catch (error) {
      if (isAbort(error)) throw error
      const problem = `the id-token of its kubeconfig user has expired or was rejected, and it could not be refreshed: ${reason(error)}`
      throw loginError(this.#cluster, problem, { cause: error, hint: PERSON_HINT })
    }
  }

  /** https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens. Not retried: a refresh token may work only once. */
  async #refresh(): Promise<IdToken> {
    const refreshToken = this.#refreshToken
    if (refreshToken === undefined) throw new Error('it has no refresh-token')
    const clientId = asText(this.#provider['client-id'])
    const secret = asText(this.#provider['client-secret'])
    if (clientId === undefined) throw new Error('it has no client-id')
    const url = await this.#tokenEndpoint()
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
    const response =
      secret === undefined
        ? await this.#requestToken(url, { ...form, client_id: clientId })
        : await this.#requestToken(
            url,
            form,
            maskBasic(encodeURIComponent(clientId), encodeURIComponent(secret)),
          ).catch(async (error: unknown) => {
            if (!isClientRefused(error)) throw error
            return await this.#requestToken(url, { ...form, client_id: clientId, client_secret: secret })
          })
    const { id_token, refresh_token, access_token } = response.json()
    mask(asText(access_token) ?? '')
    const value = trimToken(asText(id_token) ?? '')
    this.#refreshToken = trimToken(asText(refresh_token) ?? '') ?? refreshToken
    if (value === undefined || tokenProblem(value) !== undefined) throw response.unexpected('it contains no id_token')
    return withExpiry(value)
  }

  /** @param basic of the client: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
  async #requestToken(url: string, form: Readonly<Record<string, string>>, basic?: string): Promise<HttpResponse> {
    return await this.#send({
      service: 'cluster',
      operation: 'refresh the id-token',
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      ...(basic !== undefined && { credentials: { authorization: `Basic ${basic}` } }),
      body: new URLSearchParams(form).toString(),
      maxAttempts: 1,
    })
  }

  /** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
  async #tokenEndpoint(): Promise<string> {
    const issuer = asText(this.#provider['idp-issuer-url'])
    if (issuer === undefined || !URL.canParse(issuer)) throw new Error('it has no idp-issuer-url')
    const url = `${withoutFinalSlashes(issuer)}/.well-known/openid-configuration`
    const response = await this.#send({ service: 'cluster', operation: 'read the configuration of the issuer', url })
    const endpoint = asText(response.json().token_endpoint)
    if (endpoint === undefined || !URL.canParse(endpoint)) throw response.unexpected('it names no token_endpoint')
    acceptNamedServer({
      operation: 'refresh the id-token',
      from: new URL(issuer),
      to: new URL(endpoint),
      role: 'login server',
    })
    return endpoint
  }
}

/** Some issuers accept the secret in the form only. As Go does, it is sent there next; the refresh token has not been used. */
function isClientRefused(error: unknown): boolean {
  return (
    error instanceof HttpError &&
    (error.status === 400 || error.status === 401) &&
    error.details.serverCode === 'invalid_client'
  )
}

function withExpiry(value: string): IdToken {
  const expiry = expiryOf(claimsOf(value))
  return {
    value,
    expiresAtMs: expiry === undefined ? Number.POSITIVE_INFINITY : expiry.getTime() - EXPIRY_TOLERANCE_MS,
  }
}

const PERSON_HINT =
  'The kubeconfig contains the interactive login of a person, which ends after some time. Use the token of a service account, or `kube-oidc-audience`; for IBM Cloud log in with an API key and run `ibmcloud ks cluster config` in an earlier step.'
