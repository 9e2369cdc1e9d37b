import { MANAGER_NAME } from '../../core/constants.ts'
import { ActionError } from '../../core/errors.ts'
import { asObjects, asText } from '../../core/json.ts'
import type { HttpRequest, Send } from '../../http/client.ts'
import type { HttpError } from '../../http/errors.ts'
import { printable } from '../../runner/log.ts'
import { mask } from '../../runner/mask.ts'
import type { Confirmation, Issuer, ListedCredential, MintedCredential, StoredCredential } from '../issuer.ts'
import { isTokenId, requireTokenId } from '../token-id.ts'
import { pageTokenOf } from './page-token.ts'
import { httpErrorOf } from './restriction.ts'

/** The service ID whose API keys are minted, and the login for it. */
export interface ApiKeyRequest {
  readonly iamEndpoint: string
  readonly account: string
  /** The IAM ID of the service ID: `iam-ServiceId-…`. */
  readonly serviceId: string
  /** After this time a minted key expires by itself; undefined: never. */
  readonly expiresInMs?: number | undefined
  /** A valid IAM access token, renewed when it is about to expire. */
  readonly accessToken: () => Promise<string>
}

/** More than a service ID can have; it stops at a server that always returns a next page. */
const MAX_PAGES = 100

/**
 * Issues API keys of a service ID by `/v1/apikeys`.
 * @see https://cloud.ibm.com/apidocs/iam-identity-token-api
 */
export function createApiKeyIssuer(send: Send, request: ApiKeyRequest): Issuer {
  const { iamEndpoint, account, serviceId, expiresInMs, accessToken } = request
  const keysUrl = `${iamEndpoint}/v1/apikeys`
  const location = `of service ID ${serviceId} at ${iamEndpoint}`
  const common = async (credentials: Readonly<Record<string, string>> = {}) =>
    ({
      service: 'issuer',
      credentials: { authorization: `Bearer ${await accessToken()}`, ...credentials },
      hints: () => HINTS,
    }) as const

  async function mint(description: string): Promise<MintedCredential> {
    const expiry = expiresInMs === undefined ? undefined : wholeMinute(Date.now() + expiresInMs)
    const body = {
      name: MANAGER_NAME,
      description,
      iam_id: serviceId,
      account_id: account,
      store_value: false,
      ...(expiry && { expires_at: formatExpiry(expiry) }),
    }
    const response = await send({
      ...(await common()),
      operation: `mint an API key ${location}`,
      method: 'POST',
      url: keysUrl,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(rethrowMintError)
    const key = response.json()
    const value = asText(key.apikey)
    if (value !== undefined) mask(value)
    const { id } = key
    if (value === undefined || !isTokenId(id)) throw response.unexpected('the response has no API key with a valid id')
    const expiresAt = new Date(asText(key.expires_at) ?? '')
    // An account can enforce an earlier one.
    return { id, value, expiresAt: Number.isNaN(expiresAt.getTime()) ? expiry : expiresAt }
  }

  async function list(): Promise<readonly ListedCredential[]> {
    const keys: ListedCredential[] = []
    const query = new URLSearchParams({ account_id: account, iam_id: serviceId, pagesize: '100' })
    for (let page = 0; page < MAX_PAGES; page++) {
      const operation = `list the API keys ${location}`
      const response = await send({ ...(await common()), operation, url: `${keysUrl}?${query}` })
      const { apikeys, next } = response.json()
      for (const { id, description } of asObjects(apikeys)) {
        if (isTokenId(id)) keys.push({ id, description: asText(description) ?? '' })
      }
      const token = pageTokenOf(next)
      if (token === undefined) break
      query.set('pagetoken', token)
    }
    return keys
  }

  /** IAM returns the value of a key only when it creates the key. */
  async function recover(id: string): Promise<undefined> {
    await revoke(id)
  }

  /** The name and the service ID are compared too: anyone who can write the secret could store a foreign key in it. */
  async function confirm({ id, value }: StoredCredential): Promise<Confirmation> {
    if (!isTokenId(id) || !API_KEY.test(value)) return 'mismatch'
    const response = await send({
      ...(await common({ 'iam-apikey': value })),
      operation: `look up a stored API key at ${iamEndpoint}`,
      url: `${keysUrl}/details`,
      // The value is not an API key, the key is deleted, or it belongs to another account.
      expectedStatuses: [400, 403, 404],
    })
    if (response.status !== 200) return (await exists(id)) ? 'mismatch' : 'gone'
    const key = response.json()
    return key.id === id && key.name === MANAGER_NAME && key.iam_id === serviceId ? 'match' : 'mismatch'
  }

  async function exists(id: string): Promise<boolean> {
    const response = await send({ ...(await requestForKey(id)), expectedStatuses: [400, 403, 404] })
    return response.status !== 404
  }

  async function revoke(id: string): Promise<void> {
    const operation = `delete API key ${printable(id)} ${location}`
    try {
      await send({ ...(await requestForKey(id)), operation, method: 'DELETE', expectedStatuses: [404] })
    } catch (error) {
      const response = httpErrorOf(error)
      if (response !== undefined && response.status < 500 && (await isLocked(id))) throw lockedError(id, response)
      throw error
    }
  }

  async function isLocked(id: string): Promise<boolean> {
    return await send(await requestForKey(id)).then(
      (response) => response.json().locked === true,
      () => false,
    )
  }

  async function requestForKey(id: string): Promise<HttpRequest> {
    const operation = `look up API key ${printable(id)} ${location}`
    const url = `${keysUrl}/${requireTokenId(id, operation)}`
    return { ...(await common()), operation, url }
  }

  return { mint, list, recover, confirm, revoke }
}

/**
 * Visible ASCII, the form of the value of a header: https://www.rfc-editor.org/rfc/rfc9110#section-5.5. The keys that this
 * action mints are URL-safe, and far shorter: https://cloud.ibm.com/apidocs/iam-identity-token-api#create-api-key
 */
const API_KEY = /^[\x21-\x7e]{1,512}$/

const HINTS = {
  400: 'Check `service-id` and `account`: the service ID must belong to that account.',
  401: 'IAM no longer accepts the login of this run: check that `api-key` was not deleted or disabled.',
  403: 'Grant the owner of `api-key` the role Operator for this service ID, or Administrator of the IAM Identity Service.',
  404: 'Check `service-id` and `account`, and that `iam-endpoint` is IAM, as in https://iam.cloud.ibm.com.',
}

const MINUTE_MS = 60_000

/** IAM keeps whole minutes; rounded up, so a key does not live shorter than asked. */
function wholeMinute(timeMs: number): Date {
  return new Date(Math.ceil(timeMs / MINUTE_MS) * MINUTE_MS)
}

/** `yyyy-MM-ddTHH:mm+0000`: https://cloud.ibm.com/apidocs/iam-identity-token-api#create-api-key */
function formatExpiry(expiry: Date): string {
  return `${expiry.toISOString().slice(0, 'yyyy-MM-ddTHH:mm'.length)}+0000`
}

/** IAM limits the API keys of an identity: https://github.com/IBM-Cloud/terraform-provider-ibm/issues/3626 */
function rethrowMintError(error: unknown): never {
  const response = httpErrorOf(error)
  const isLimit =
    response !== undefined &&
    response.status !== 429 &&
    response.status < 500 &&
    /limit|exceed|maximum|too many/i.test(response.serverMessage)
  if (!isLimit) throw error
  throw new ActionError('api-key-limit-reached', response.message, {
    cause: response,
    details: response.details,
    hint: 'Delete unused API keys of the service ID: `ibmcloud iam service-api-keys <service id>` lists them with their descriptions.',
  })
}

function lockedError(id: string, cause: HttpError): ActionError {
  return new ActionError('api-key-locked', `${cause.message}: the key is locked`, {
    cause,
    details: cause.details,
    hint: `Unlock it with \`ibmcloud iam service-api-key-unlock ${id} <service id>\`. The next run that mints a key deletes it.`,
  })
}
