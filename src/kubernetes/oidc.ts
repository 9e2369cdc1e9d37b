import { asText } from '../core/json.ts'
import { claimsOf } from '../core/jwt.ts'
import type { Send } from '../http/client.ts'
import { mask } from '../runner/mask.ts'
import { type CredentialSource, RenewedCredential } from './credential-source.ts'

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

const PERMISSION_HINT = 'Check that the job has `permissions: id-token: write`.'

export interface OidcOptions {
  readonly service: TokenService
  /** The context of the kubeconfig. */
  readonly cluster: string
  /** Sends the requests for tokens. */
  readonly send: Send
}

/**
 * GitHub's OIDC tokens for one cluster. When the API server rejects one, for example because its clock is ahead, a new one is
 * requested. `getIDToken` of @actions/core is not used: it cannot be aborted, its errors are only texts, and it loads an HTTP
 * client at the start of every run (docs/decisions/0010-own-oidc-token-request.md).
 */
export function githubOidc(options: OidcOptions): CredentialSource {
  const { audience } = options.service
  return new RenewedCredential(
    async () => {
      const token = await requestToken(options)
      const credential = { headers: { authorization: `Bearer ${token}` } }
      return { credential, renewAtMs: Date.now() + lifeMsOf(token) * RENEW_AFTER }
    },
    { rejectionHint: ({ headers }) => rejectionHint(headers.authorization ?? '', audience) },
  )
}

/** @throws HttpError | NetworkError | UnexpectedResponse with `oidc-…` codes */
async function requestToken({ service, cluster, send }: OidcOptions): Promise<string> {
  const url = new URL(service.url)
  url.searchParams.set('audience', service.audience)
  const response = await send({
    service: 'oidc',
    operation: `request a GitHub OIDC token for the cluster ${cluster}`,
    url,
    about: { cluster },
    credentials: { authorization: `Bearer ${service.requestToken}` },
    hints: () => ({ 401: PERMISSION_HINT, 403: PERMISSION_HINT }),
  })
  const value = asText(response.json().value)
  if (value === undefined) throw response.unexpected('it contains no token')
  return mask(value)
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
