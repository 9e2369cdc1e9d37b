import { MANAGER } from '../../core/constants.ts'
import { Failure } from '../../core/errors.ts'
import { asObjects, asText } from '../../core/json.ts'
import type { HttpRequest, Send } from '../../http/client.ts'
import { HttpError, UnexpectedAnswer } from '../../http/errors.ts'
import { printable } from '../../runner/log.ts'
import { mask } from '../../runner/mask.ts'
import type { Described, Issuer, Minted } from '../issuer.ts'

/** Whose API keys are minted. */
export interface KeyRequest {
  readonly iamEndpoint: string
  readonly account: string
  /** The IAM id of a service ID: `iam-ServiceId-…`. */
  readonly serviceId: string
}

/** More pages than a service ID may have keys for; a server that never ends them is broken. */
const MOST_PAGES = 100

/** The API keys of a service ID, by IAM's `/v1/apikeys`. */
export function serviceIdKeys(
  send: Send,
  { iamEndpoint, account, serviceId }: KeyRequest,
  accessToken: () => Promise<string>,
): Issuer {
  const keys = `${iamEndpoint}/v1/apikeys`
  const whose = `of the service ID ${serviceId} at ${iamEndpoint}`
  const call = async (more: Readonly<Record<string, string>> = {}) => ({
    credentials: { authorization: `Bearer ${await accessToken()}`, ...more },
    cures: CURES,
  })

  async function mint(description: string): Promise<Minted> {
    const doing = `mint an API key ${whose}`
    const body = { name: MANAGER, description, iam_id: serviceId, account_id: account, store_value: false }
    const answer = await send({
      ...(await call()),
      doing,
      method: 'POST',
      url: keys,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(atItsLimit)
    const said = answer.json()
    const value = asText(said.apikey)
    if (value !== undefined) mask(value)
    const id = asText(said.id)
    if (value === undefined || id === undefined)
      throw new UnexpectedAnswer(doing, `POST ${keys}`, 'it holds no API key')
    const end = new Date(asText(said.expires_at) ?? '')
    return { id, value, expiresAt: Number.isNaN(end.getTime()) ? undefined : end }
  }

  async function list(): Promise<readonly Described[]> {
    const found: Described[] = []
    const query = new URLSearchParams({ account_id: account, iam_id: serviceId, pagesize: '100' })
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await send({ ...(await call()), doing: `list the API keys ${whose}`, url: `${keys}?${query}` })
      const said = answer.json()
      for (const { id, description } of asObjects(said.apikeys)) {
        if (asText(id) !== undefined) found.push({ id: String(id), description: asText(description) ?? '' })
      }
      const next = pageToken(said.next)
      if (next === undefined) break
      query.set('pagetoken', next)
    }
    return found
  }

  /** IAM shows the value of a key once, when it is created. */
  async function recover(id: string): Promise<undefined> {
    await revoke(id)
  }

  /** Whoever may write the secret could put a key of others into it: only one of our name and service ID is ours. */
  async function isOurs(id: string, value: string): Promise<boolean> {
    if (!ID.test(id)) return false
    const answer = await send({
      ...(await call({ 'iam-apikey': value })),
      doing: `look up a stored API key at ${iamEndpoint}`,
      url: `${keys}/details`,
      // It is no key, is gone, or belongs to somebody else.
      expect: [400, 403, 404],
    })
    if (answer.status !== 200) return !(await isThere(id))
    const key = answer.json()
    return key.id === id && key.name === MANAGER && key.iam_id === serviceId
  }

  async function isThere(id: string): Promise<boolean> {
    const answer = await send({ ...(await request(id)), expect: [403, 404] })
    return answer.status !== 404
  }

  async function revoke(id: string): Promise<void> {
    try {
      await send({
        ...(await request(id)),
        method: 'DELETE',
        doing: `delete the API key ${printable(id)} ${whose}`,
        expect: [404],
      })
    } catch (error) {
      if (error instanceof HttpError && error.status < 500 && (await isLocked(id))) throw locked(id, error)
      throw error
    }
  }

  async function isLocked(id: string): Promise<boolean> {
    return await send(await request(id)).then(
      (answer) => answer.json().locked === true,
      () => false,
    )
  }

  async function request(id: string): Promise<HttpRequest> {
    const doing = `look up the API key ${printable(id)} ${whose}`
    if (!ID.test(id)) throw new Failure(`Could not ${doing}: this is no id`)
    return { ...(await call()), doing, url: `${keys}/${id}` }
  }

  return { mint, list, recover, isOurs, revoke }
}

/** With anything else in it, it could mean another address. */
const ID = /^[\w-]+$/

const CURES = {
  400: 'Check `service-id` and `account`: the service ID must be one of that account.',
  401: 'IAM no longer takes the login of this run: check that `api-key` is still alive.',
  403: 'Give the owner of `api-key` the role Operator for this service ID, or Administrator of the IAM Identity Service.',
  404: 'Check `service-id` and `account`, and that `iam-endpoint` is IAM, as in https://iam.cloud.ibm.com.',
}

/** The link to the next page is a full one. Only its token is taken, so that the login goes to our endpoint alone. */
function pageToken(link: unknown): string | undefined {
  const url = asText(link)
  if (url === undefined || !URL.canParse(url, 'https://host')) return undefined
  return new URL(url, 'https://host').searchParams.get('pagetoken') ?? undefined
}

function atItsLimit(error: unknown): never {
  if (
    error instanceof HttpError &&
    error.status !== 429 &&
    error.status < 500 &&
    /limit|exceed|maximum|too many/i.test(error.detail)
  ) {
    throw new Failure(error.message, {
      cause: error,
      cure: 'Delete API keys of the service ID that nobody uses: `ibmcloud iam service-api-keys <service id>` lists them with their descriptions.',
    })
  }
  throw error
}

function locked(id: string, cause: HttpError): Failure {
  return new Failure(`${cause.message}: the key is locked`, {
    cause,
    cure: `Unlock it, and the next run that mints deletes it: \`ibmcloud iam service-api-key-unlock ${id} <service id>\`.`,
  })
}
