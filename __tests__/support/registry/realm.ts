// The Docker token realm of the registry: a registry token becomes a short bearer token for the scopes asked for.
import { randomUUID, X509Certificate } from 'node:crypto'
import type { Certificate } from '../http/certificate.ts'
import { basicLogin, type FakeResponse, form, json, type RecordedRequest } from '../http/exchange.ts'
import type { Route } from '../http/http-server.ts'
import { inSeconds, signRs256 } from '../ibm/jwt.ts'
import type { KeyStore } from '../ibm/key-store.ts'
import { testOrganization, testOrganizations } from '../ibm/organizations.ts'
import type { Switches } from '../ibm/switches.ts'
import type { TokenStore } from '../ibm/token-store.ts'
import { intersect, parseScopes } from './access.ts'

export const SERVICE = 'registry'
export const ISSUER = 'fake realm'

interface RealmOptions {
  /** An RSA identity: what signs the tokens. */
  readonly signer: Certificate
  readonly tokens: TokenStore
  readonly keys: KeyStore
  readonly switches: Switches
  /** Repositories that can be pulled anonymously. */
  readonly publicRepositories: readonly string[]
}

/** Whose credential it is, and what it may do. */
interface Holder {
  readonly id: string
  readonly organization: string
  readonly write: boolean
}

export function realmRoutes({ signer, tokens, keys, switches, publicRepositories }: RealmOptions): readonly Route[] {
  const x5c = new X509Certificate(signer.certificate).raw.toString('base64')
  const tries = new Map<string, number>()

  /** Whether the realm knows a credential yet: a new one takes a while to reach IBM's servers. */
  function isKnown({ id }: Holder): boolean {
    const seen = tries.get(id) ?? 0
    tries.set(id, seen + 1)
    return seen >= switches.acceptAfter
  }

  function grant(scopes: readonly string[], token: Holder | undefined): FakeResponse {
    const organization = testOrganizations.find(({ guid }) => guid === token?.organization)
    const allowed = (repository: string) => {
      const [namespace = ''] = repository.split('/')
      if (organization?.namespaces.includes(namespace)) return token?.write ? ['pull', 'push'] : ['pull']
      return publicRepositories.includes(repository) ? ['pull'] : []
    }
    const bearer = signRs256(
      {
        iss: ISSUER,
        sub: token?.id ?? '',
        aud: SERVICE,
        exp: inSeconds(LIFETIME),
        nbf: inSeconds(-10),
        iat: inSeconds(0),
        jti: randomUUID(),
        access: intersect(parseScopes(scopes), allowed),
      },
      signer.key,
      x5c,
    )
    return json(200, {
      token: bearer,
      access_token: bearer,
      expires_in: LIFETIME,
      issued_at: new Date().toISOString(),
    })
  }

  function authorize(
    scopes: readonly string[],
    login: { username: string; password: string } | undefined,
  ): FakeResponse {
    if (login === undefined) return grant(scopes, undefined)
    const find = finders[login.username]
    if (find === undefined) return refuse(400, 'UNSUPPORTED', UNSUPPORTED)
    const holder = find(login.password)
    return holder && isKnown(holder) ? grant(scopes, holder) : refuse(401, 'UNAUTHORIZED', UNAUTHORIZED)
  }

  const finders: Readonly<Record<string, (password: string) => Holder | undefined>> = {
    token: (password) => tokens.live().find(({ value }) => value === password),
    iamapikey(password) {
      const key = keys.live().find(({ value }) => value === password)
      return key && { id: key.id, organization: testOrganization.guid, write: false }
    },
  }

  function handle(request: RecordedRequest): FakeResponse {
    if (request.method === 'GET') return authorize(request.query.getAll('scope'), basicLogin(request))
    if (request.method !== 'POST') return refuse(405, 'UNSUPPORTED', `The method ${request.method} is not allowed.`)
    // The OAuth2 form, which containerd tries first.
    const fields = form(request)
    const [username, password] = [fields.get('username'), fields.get('password')]
    if (fields.get('grant_type') !== 'password' || username === null || password === null) {
      return refuse(400, 'UNSUPPORTED', UNSUPPORTED)
    }
    return authorize(fields.getAll('scope'), { username, password })
  }

  return [{ server: 'realm', path: /^\/oauth\/token$/, handle }]
}

/** Seconds. */
const LIFETIME = 300

const UNAUTHORIZED = 'The login credentials are not valid, or your IBM Cloud account is not active.'
const UNSUPPORTED =
  'The requested authentication method is not supported. Run the bx cr login command. To use registry tokens, use docker login -u token and your registry token as the password.'

function refuse(status: number, code: string, message: string): FakeResponse {
  return json(status, { errors: [{ code, message }] })
}
