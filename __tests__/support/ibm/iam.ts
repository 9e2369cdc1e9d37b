// IBM Cloud IAM, as far as it gives out API keys of a service ID: `/identity/token` and `/v1/apikeys`.
import { randomUUID } from 'node:crypto'
import { bearerToken, type FakeResponse, form, json, notFound, type RecordedRequest } from '../http/exchange.ts'
import type { Route } from '../http/http-server.ts'
import { inSeconds, signHs256, verifyHs256 } from './jwt.ts'
import type { KeyRecord, KeyStore } from './key-store.ts'
import type { Switches } from './switches.ts'

/** A service ID: `ServiceId-…`, its IAM id, its account, and its name. */
export const testServiceId = {
  id: 'ServiceId-5f1b6c1e-3a7d-4c1b-9b8e-2d5a0f7c9e11',
  iamId: 'iam-ServiceId-5f1b6c1e-3a7d-4c1b-9b8e-2d5a0f7c9e11',
  account: '7f0c2b9d4e6a4f1c8b3d5e7f9a1b2c3d',
  name: 'ci image pull',
} as const

interface IamOptions {
  /** The origin of this server. */
  readonly url: string
  /** The API key that manages the service ID. */
  readonly manager: string
  /** What it signs its access tokens with. */
  readonly secret: Buffer
  readonly keys: KeyStore
  readonly switches: Switches
  /** Of all accounts; a test may add some. */
  readonly serviceIds: readonly ServiceIdRecord[]
}

export interface ServiceIdRecord {
  readonly id: string
  readonly iamId: string
  readonly account: string
  /** Not unique. */
  readonly name: string
}

export function iamRoutes({ url, manager, secret, keys, switches, serviceIds }: IamOptions): readonly Route[] {
  const asked = new Map<string, number>()
  let lists = 0
  /** How many lists were asked for before a key was minted. */
  const bornAt = new Map<string, number>()

  /** Whether IAM knows a key yet: a new one takes a while to reach all its servers. */
  function isKnown({ id }: KeyRecord): boolean {
    const times = asked.get(id) ?? 0
    asked.set(id, times + 1)
    return times >= switches.acceptAfter
  }

  function token(request: RecordedRequest): FakeResponse {
    if (request.method !== 'POST') return refuse(405, 'BXNIM0100E', 'Method not allowed')
    const fields = form(request)
    if (fields.get('grant_type') !== 'urn:ibm:params:oauth:grant-type:apikey') {
      return refuseLogin('BXNIM0106E', 'Parameter grant_type has a value that is not supported')
    }
    const given = fields.get('apikey')
    const key = keys.live().find(({ value }) => value === given)
    if (given !== manager && !(key && isKnown(key))) return refuseLogin('BXNIM0415E', NO_KEY)
    const life = switches.accessTokenLifetime
    const claims = { iam_id: key?.iamId ?? 'IBMid-manager', jti: randomUUID(), exp: inSeconds(life) }
    return json(200, {
      access_token: signHs256(claims, secret),
      refresh_token: 'not_supported',
      token_type: 'Bearer',
      expires_in: life,
      expiration: inSeconds(life),
      scope: 'ibm openid',
    })
  }

  /** Refuses users other than the manager of the service ID. */
  const asManager = (handle: (request: RecordedRequest) => FakeResponse) => (request: RecordedRequest) => {
    const bearer = bearerToken(request)
    if (bearer === undefined) return refuse(401, 'BXNIM0308E', 'No authorization header found')
    const claims = verifyHs256(bearer, secret)
    if (claims === undefined) return refuse(401, 'BXNIM0304E', 'Token is not valid')
    if (claims.iam_id !== 'IBMid-manager') return refuse(403, 'BXNIM0513E', 'You are not authorized to do this')
    return handle(request)
  }

  function collection(request: RecordedRequest): FakeResponse {
    if (request.method === 'GET') return list(request.query)
    if (request.method !== 'POST') return refuse(405, 'BXNIM0100E', 'Method not allowed')
    const {
      name,
      description = '',
      iam_id,
      account_id,
      expires_at,
    } = JSON.parse(request.body) as Record<string, string>
    if (name === undefined || iam_id !== testServiceId.iamId || account_id !== testServiceId.account) {
      return refuse(400, 'BXNIM0106E', 'Provided iam_id or account_id is not valid')
    }
    if (keys.live().filter(({ iamId }) => iamId === iam_id).length >= switches.keyLimit) {
      return refuse(409, 'BXNIM0450E', 'The maximum number of API keys for this identity is reached')
    }
    if (expires_at !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d\+0000$/.test(expires_at)) {
      return refuse(400, 'BXNIM0106E', 'Provided expires_at is not valid')
    }
    const expiresAt = expires_at === undefined ? undefined : new Date(expires_at)
    const key = keys.mint({ name, description, iamId: iam_id, account: account_id, expiresAt })
    bornAt.set(key.id, lists)
    return json(201, { ...shown(key), apikey: key.value })
  }

  function list(query: URLSearchParams): FakeResponse {
    lists++
    const all = keys
      .live()
      .filter(({ id }) => lists - (bornAt.get(id) ?? 0) > switches.listAfter)
      .filter(({ iamId, account }) => iamId === query.get('iam_id') && account === query.get('account_id'))
    return pageOf('apikeys', all.map(shown), query)
  }

  function pageOf(what: 'apikeys' | 'serviceids', all: readonly object[], query: URLSearchParams): FakeResponse {
    const size = Math.min(Number(query.get('pagesize') ?? 20), switches.pageSize ?? 100)
    const start = Number(query.get('pagetoken') ?? 0)
    const next = new URLSearchParams(query)
    next.set('pagetoken', String(start + size))
    return json(200, {
      offset: start,
      limit: size,
      first: `${url}/v1/${what}`,
      ...(start + size < all.length && { next: `${url}/v1/${what}?${next}` }),
      [what]: all.slice(start, start + size),
    })
  }

  /** Whether the real one compares `name` exactly is not known: the fake returns more, so tests notice it. */
  function listServiceIds({ method, query }: RecordedRequest): FakeResponse {
    if (method !== 'GET') return refuse(405, 'BXNIM0100E', 'Method not allowed')
    const name = query.get('name')?.toLowerCase() ?? ''
    const all = serviceIds
      .filter((one) => one.account === query.get('account_id') && one.name.toLowerCase().includes(name))
      .map(({ id, iamId, account, name }) => ({ id, iam_id: iamId, account_id: account, name, entity_tag: '1-0' }))
    return pageOf('serviceids', all, query)
  }

  function details({ headers }: RecordedRequest): FakeResponse {
    const key = keys.live().find(({ value }) => value === headers['iam-apikey'])
    return key ? json(200, shown(key)) : refuse(400, 'BXNIM0415E', NO_KEY)
  }

  function item({ method, path }: RecordedRequest): FakeResponse {
    const [, id = '', lock] = /^\/v1\/apikeys\/([^/]+)(\/lock)?$/.exec(path) ?? []
    const key = keys.live().find((one) => one.id === id)
    if (key === undefined) return refuse(404, 'BXNIM0102E', 'Unable to find object')
    if (lock !== undefined) {
      keys.lock(id, method === 'POST')
      return { status: 204 }
    }
    if (method === 'GET') return json(200, shown(key))
    if (method !== 'DELETE') return refuse(405, 'BXNIM0100E', 'Method not allowed')
    // Which code the real one has for this is not known.
    if (key.locked) return refuse(400, 'BXNIM0000E', 'The object cannot be changed')
    keys.revoke(id)
    return { status: 204 }
  }

  return [
    { server: 'iam', path: /^\/identity\/token$/, handle: token },
    { server: 'iam', path: /^\/v1\/apikeys$/, handle: asManager(collection) },
    { server: 'iam', path: /^\/v1\/serviceids$/, handle: asManager(listServiceIds) },
    { server: 'iam', path: /^\/v1\/apikeys\/details$/, handle: asManager(details) },
    { server: 'iam', path: /^\/v1\/apikeys\/[^/]+(\/lock)?$/, handle: asManager(item) },
    { server: 'iam', path: /^/, handle: notFound },
  ]
}

const NO_KEY = 'Provided API key could not be found'

function shown({ id, name, description, iamId, account, locked, createdAt, expiresAt }: KeyRecord): object {
  const crn = `crn:v1:bluemix:public:iam-identity::a/${account}::apikey:${id}`
  const minutes = (date: Date) => date.toISOString().replace(/:\d+\.\d+Z$/, '+0000')
  return {
    id,
    entity_tag: '1-0',
    crn,
    locked,
    disabled: false,
    created_at: minutes(createdAt),
    ...(expiresAt && { expires_at: minutes(expiresAt) }),
    name,
    description,
    iam_id: iamId,
    account_id: account,
  }
}

/** The token endpoint has its own error format, and returns 400 for a wrong key. */
function refuseLogin(errorCode: string, errorMessage: string): FakeResponse {
  return json(400, {
    errorCode,
    errorMessage,
    context: { requestId: randomUUID(), requestType: 'incoming.Identity_Token' },
  })
}

function refuse(status: number, message_code: string, message: string): FakeResponse {
  const code = status === 404 ? 'not_found' : 'bad_request'
  return json(status, { errors: [{ code, message_code, message }], status_code: String(status), trace: randomUUID() })
}
