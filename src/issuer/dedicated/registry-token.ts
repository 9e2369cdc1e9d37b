import { ActionError } from '../../core/errors.ts'
import { asObjects, asText } from '../../core/json.ts'
import { claimsOf, expiryOf } from '../../core/jwt.ts'
import type { HttpRequest, Send } from '../../http/client.ts'
import { HttpError } from '../../http/errors.ts'
import type { HttpResponse } from '../../http/response.ts'
import { printable } from '../../runner/log.ts'
import { mask } from '../../runner/mask.ts'
import type { Confirmation, Issuer, ListedCredential, MintedCredential, StoredCredential } from '../issuer.ts'
import { isTokenId, requireTokenId } from '../token-id.ts'

/** Where and for whom registry tokens are minted. `permanent` and `write` are independent of each other. */
export interface TokenRequest {
  readonly registryEndpoint: string
  /** A UAA access token. */
  readonly accessToken: string
  readonly organizationGuid: string
  readonly account: string | undefined
  readonly permanent: boolean
  readonly write: boolean
}

/**
 * Issues registry tokens by the token API of a Bluemix registry, `/api/v1/tokens`.
 * @see https://github.com/IBM-Cloud/bluemix-go/blob/master/api/container/registryv1/tokens.go
 */
export function createRegistryTokenIssuer(send: Send, request: TokenRequest): Issuer {
  const { registryEndpoint, permanent, write } = request
  const tokensUrl = `${registryEndpoint}/api/v1/tokens`
  const common = {
    service: 'issuer',
    credentials: registryCredentials(request),
    hints: () => HINTS,
  } as const

  async function mint(description: string): Promise<MintedCredential> {
    const query = new URLSearchParams({ description, permanent: String(permanent), write: String(write) })
    const response = await send({
      ...common,
      operation: `mint a registry token at ${registryEndpoint}`,
      method: 'POST',
      url: `${tokensUrl}?${query}`,
    }).catch(rethrowMintError)
    return readToken(response)
  }

  async function list(): Promise<readonly ListedCredential[]> {
    const operation = `list the registry tokens at ${registryEndpoint}`
    const response = await send({ ...common, operation, url: tokensUrl })
    return asObjects(response.json().tokens)
      .filter(({ revoked }) => revoked !== true)
      .flatMap(({ _id, secondary_owner }) =>
        isTokenId(_id) ? [{ id: _id, description: asText(secondary_owner) ?? '' }] : [],
      )
  }

  async function recover(id: string): Promise<MintedCredential> {
    const response = await send(requestFor('read', id))
    const token = readToken(response)
    if (token.id !== id) throw response.unexpected('the token has another id')
    return token
  }

  /**
   * Compares the stored value with the one that the registry returns. The claims of a stored value prove nothing, because
   * this action cannot verify its signature. The value itself is sent nowhere.
   */
  async function confirm({ id, value }: StoredCredential): Promise<Confirmation> {
    if (!isTokenId(id)) return 'mismatch'
    const response = await send({ ...requestFor('look up', id), expectedStatuses: [400, 401, 403, 404] })
    if (response.status === 404) return withoutToken(id, value)
    // The login is fine: the token belongs to others, or the registry has no such ids.
    if (response.status === 401 && response.error().details.serverCode !== FOREIGN_ACCOUNT) {
      throw response.error(HINTS[401])
    }
    if (response.status >= 400) return 'mismatch'
    const { token, revoked } = response.json()
    if (typeof token === 'string') mask(token)
    if (revoked === true) return withoutToken(id, value)
    if (typeof token !== 'string') throw response.unexpected('the response has no token')
    return token === value ? 'match' : 'mismatch'
  }

  async function revoke(id: string): Promise<void> {
    await send({ ...requestFor('revoke', id), method: 'DELETE', expectedStatuses: [404] })
  }

  /** Without an id a DELETE revokes by description, perhaps all tokens. */
  function requestFor(verb: 'read' | 'look up' | 'revoke', id: string): HttpRequest {
    const operation = `${verb} registry token ${printable(id)} at ${registryEndpoint}`
    return { ...common, operation, url: `${tokensUrl}/${requireTokenId(id, operation)}` }
  }

  return { mint, list, recover, confirm, revoke }
}

/** The headers of every request to the API of the registry. */
export function registryCredentials({
  accessToken,
  organizationGuid,
  account,
}: Pick<TokenRequest, 'accessToken' | 'organizationGuid' | 'account'>): Readonly<Record<string, string>> {
  return {
    authorization: `Bearer ${accessToken}`,
    organization: organizationGuid,
    ...(account === undefined ? {} : { account }),
  }
}

const HINTS = {
  401: 'The registry rejected this login for this organization: check the login, `organization` and `account`.',
  403: 'This login is not allowed to manage registry tokens of the organization: ask the organization manager for that role.',
  404: 'Check `registry-endpoint`: it must be the registry of the Dedicated environment, as in https://registry.<dedicated-domain>.',
}

/**
 * The code of a 401 for an account that the caller may not access. The login itself was accepted.
 * @see https://github.com/IBM-Cloud/bluemix-go/blob/master/api/container/registryv1/tokens_test.go
 */
const FOREIGN_ACCOUNT = 'CRG0009E'

/**
 * The confirmation where the registry has no token with this id. A stored value with another id in it may be a live token;
 * one without an id is not a registry token at all.
 */
function withoutToken(id: string, value: string): Confirmation {
  const { jti = id } = claimsOf(value)
  return jti === id ? 'gone' : 'mismatch'
}

/** @see https://github.com/jenkins-x/jx/issues/4760 for the 410 of a registry that no longer mints tokens */
function rethrowMintError(error: unknown): never {
  if (!(error instanceof HttpError && error.status === 410)) throw error
  throw new ActionError('minting-discontinued', error.message, {
    cause: error,
    details: error.details,
    hint: 'This registry no longer mints tokens: use `provider: ibmcloud`, which mints an API key of a service ID.',
  })
}

/** A registry token is a JWT. Its id is the claim `jti`; a permanent one has no `exp`. */
function readToken(response: HttpResponse): MintedCredential {
  const value = response.json().token
  if (typeof value !== 'string' || value === '') throw response.unexpected('the response has no token')
  mask(value)
  const claims = claimsOf(value)
  const { jti: id } = claims
  if (!isTokenId(id)) throw response.unexpected('the token has no valid id (claim jti)')
  return { id, value, expiresAt: expiryOf(claims) }
}
