import { ActionError } from '../../core/errors.ts'
import { asObjects, asText } from '../../core/json.ts'
import { claimsOf, expiryOf } from '../../core/jwt.ts'
import type { HttpResponse, Send } from '../../http/client.ts'
import { HttpError } from '../../http/errors.ts'
import { printable } from '../../runner/log.ts'
import { mask } from '../../runner/mask.ts'
import type { Issuer, ListedCredential, MintedCredential, Ownership, StoredCredential } from '../issuer.ts'

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
  const { registryEndpoint, accessToken, organizationGuid, account, permanent, write } = request
  const tokensUrl = `${registryEndpoint}/api/v1/tokens`
  const common = {
    service: 'issuer',
    credentials: {
      authorization: `Bearer ${accessToken}`,
      organization: organizationGuid,
      ...(account === undefined ? {} : { account }),
    },
    hints: HINTS,
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
      .flatMap(({ _id, secondary_owner }) => {
        const id = asText(_id)
        return id === undefined ? [] : [{ id, description: asText(secondary_owner) ?? '' }]
      })
  }

  async function recover(id: string): Promise<MintedCredential> {
    const operation = `read registry token ${printable(id)} at ${registryEndpoint}`
    const response = await send({ ...common, operation, url: `${tokensUrl}/${encodeURIComponent(id)}` })
    return readToken(response)
  }

  /** The id of a token is inside it, so no request is needed; and revoking a token that is gone already does nothing. */
  async function ownershipOf({ id, value }: StoredCredential): Promise<Ownership> {
    return claimsOf(value).jti === id ? 'ours' : 'foreign'
  }

  async function revoke(id: string): Promise<void> {
    const operation = `revoke registry token ${printable(id)} at ${registryEndpoint}`
    // A DELETE without an id is the request that revokes by description, perhaps all tokens. URLs drop `.` and `..`.
    if (/^\.{0,2}$/.test(id)) throw new ActionError('invalid-token-id', `Could not ${operation}: "${id}" is not an id`)
    await send({
      ...common,
      operation,
      method: 'DELETE',
      url: `${tokensUrl}/${encodeURIComponent(id)}`,
      expectedStatuses: [404],
    })
  }

  return { mint, list, recover, ownershipOf, revoke }
}

const HINTS = {
  401: 'The registry rejected this login for this organization: check the login, `organization` and `account`.',
  403: 'This login is not allowed to manage registry tokens of the organization: ask the organization manager for that role.',
  404: 'Check `registry-endpoint`: it must be the registry of the Dedicated environment, as in https://registry.<dedicated-domain>.',
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
  const id = asText(claims.jti)
  if (id === undefined) throw response.unexpected('the token has no id (claim jti)')
  return { id, value, expiresAt: expiryOf(claims) }
}
