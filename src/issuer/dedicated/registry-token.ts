import { Failure } from '../../core/errors.ts'
import { asObjects, asText, claimsOf, expiryOf } from '../../core/json.ts'
import type { Send } from '../../http/client.ts'
import { HttpError, UnexpectedAnswer } from '../../http/errors.ts'
import { printable } from '../../runner/log.ts'
import { mask } from '../../runner/mask.ts'
import type { Described, Issuer, Minted } from '../issuer.ts'

/** What registry tokens are minted for. `permanent` and `write` are sent as they are: neither follows from the other. */
export interface TokenRequest {
  readonly registryEndpoint: string
  readonly accessToken: string
  readonly organizationGuid: string
  readonly account: string | undefined
  readonly permanent: boolean
  readonly write: boolean
}

/** The registry's token API, `/api/v1/tokens`. */
export function registryTokens(send: Send, request: TokenRequest): Issuer {
  const tokens = `${request.registryEndpoint}/api/v1/tokens`
  const call = {
    credentials: {
      authorization: `Bearer ${request.accessToken}`,
      organization: request.organizationGuid,
      ...(request.account === undefined ? {} : { account: request.account }),
    },
    cures: CURES,
  }

  async function mint(description: string): Promise<Minted> {
    const query = new URLSearchParams({
      description,
      permanent: String(request.permanent),
      write: String(request.write),
    })
    const doing = `mint a registry token at ${request.registryEndpoint}`
    const answer = await send({ ...call, doing, method: 'POST', url: `${tokens}?${query}` }).catch(discontinued)
    return read(answer.json().token, doing, `POST ${tokens}`)
  }

  async function list(): Promise<readonly Described[]> {
    const doing = `list the registry tokens at ${request.registryEndpoint}`
    const answer = await send({ ...call, doing, url: tokens })
    return asObjects(answer.json().tokens)
      .filter(({ revoked }) => revoked !== true)
      .flatMap(({ _id, secondary_owner }) => {
        const id = asText(_id)
        return id === undefined ? [] : [{ id, description: asText(secondary_owner) ?? '' }]
      })
  }

  async function recover(id: string): Promise<Minted> {
    const doing = `read the registry token ${printable(id)} at ${request.registryEndpoint}`
    const url = `${tokens}/${encodeURIComponent(id)}`
    const answer = await send({ ...call, doing, url })
    return read(answer.json().token, doing, `GET ${url}`)
  }

  async function isOurs(id: string, value: string): Promise<boolean> {
    return claimsOf(value).jti === id
  }

  async function revoke(id: string): Promise<void> {
    // Without an id, or with one that a URL drops, this would be the request that deletes by description: perhaps all.
    if (/^\.{0,2}$/.test(id)) throw new Failure(`Could not revoke a registry token: "${id}" is no id`)
    const doing = `revoke the registry token ${printable(id)} at ${request.registryEndpoint}`
    await send({ ...call, doing, method: 'DELETE', url: `${tokens}/${encodeURIComponent(id)}`, expect: [404] })
  }

  return { mint, list, recover, isOurs, revoke }
}

const CURES = {
  401: 'The registry does not take this login for this organization: check the login, `organization` and `account`.',
  403: 'This login may not manage registry tokens of the organization: ask its manager for that role.',
  404: 'Check `registry-endpoint`: it must be the registry of the Dedicated environment, as in https://registry.<dedicated-domain>.',
}

function discontinued(error: unknown): never {
  if (error instanceof HttpError && error.status === 410) {
    throw new Failure(error.message, {
      cause: error,
      cure: 'This registry no longer mints tokens: use `provider: ibmcloud`, which mints an API key of a service ID.',
    })
  }
  throw error
}

/** A registry token is a JWT: its id is the claim `jti`, and it ends unless it is permanent. */
function read(value: unknown, doing: string, from: string): Minted {
  if (typeof value !== 'string' || value === '') throw new UnexpectedAnswer(doing, from, 'it holds no token')
  mask(value)
  const claims = claimsOf(value)
  const id = asText(claims.jti)
  if (id === undefined) throw new UnexpectedAnswer(doing, from, 'its token has no id (the claim jti)')
  return { id, value, expiresAt: expiryOf(claims) }
}
