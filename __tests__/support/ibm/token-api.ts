// The registry's token API, `/api/v1/tokens`.
import { type FakeResponse, json, type RecordedRequest } from '../http/exchange.ts'
import type { Route } from '../http/http-server.ts'
import { testOrganizations } from './organizations.ts'
import type { Switches } from './switches.ts'
import type { TokenRecord, TokenStore } from './token-store.ts'
import type { Uaa } from './uaa.ts'

interface TokenApiOptions {
  /** The registry's host, which the tokens name as their issuer. */
  readonly host: string
  readonly uaa: Uaa
  readonly tokens: TokenStore
  readonly switches: Switches
}

export function tokenApiRoutes({ host, uaa, tokens, switches }: TokenApiOptions): readonly Route[] {
  /** Puts the GUID of the caller's organization before a handler, or refuses. */
  const of =
    (handle: (request: RecordedRequest, organization: string) => FakeResponse) => (request: RecordedRequest) => {
      const session = uaa.authenticate(request)
      if (!('username' in session)) return refuse(401, 'CRG0014E', NOT_AUTHENTICATED)
      const organization = testOrganizations.find(({ guid }) => guid === request.headers.organization)
      if (!organization?.members.includes(session.username)) return refuse(401, 'CRG0009E', NOT_AUTHORIZED)
      return handle(request, organization.guid)
    }

  const living = (organization: string) => tokens.live().filter((token) => token.organization === organization)

  const collection = (request: RecordedRequest, organization: string): FakeResponse => {
    const { method, query } = request
    switch (method) {
      case 'POST': {
        if (switches.discontinued) return refuse(410, 'CRT0002E', DISCONTINUED)
        const description = query.get('description') ?? undefined
        const [permanent, write] = [query.get('permanent') === 'true', query.get('write') === 'true']
        const wanted = { description, organization, permanent, write }
        return json(200, { token: tokens.mint(wanted, host, switches.registryTokenLifetime).value })
      }
      case 'GET':
        return json(200, { tokens: living(organization).map(listed) })
      case 'DELETE': {
        // IBM does not document what happens without a description. The fake returns the worst case, so tests notice it.
        const description = query.get('secondaryOwner') || undefined
        const meant = living(organization).filter((token) => !description || token.description === description)
        tokens.revoke(meant.map(({ id }) => id))
        return json(200, {})
      }
      default:
        return refuse(405, OTHER_ERROR, `The method ${method} is not allowed.`)
    }
  }

  const item = ({ method, path }: RecordedRequest, organization: string): FakeResponse => {
    const id = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1))
    const token = living(organization).find((token) => token.id === id)
    if (token === undefined) return refuse(404, OTHER_ERROR, 'The token was not found.')
    switch (method) {
      case 'GET':
        return json(200, { token: token.value })
      case 'DELETE':
        tokens.revoke([id])
        return json(200, {})
      default:
        return refuse(405, OTHER_ERROR, `The method ${method} is not allowed.`)
    }
  }

  return [
    // The final slash of an empty id also means the collection.
    { server: 'tokens', path: /^\/api\/v1\/tokens\/?$/, handle: of(collection) },
    { server: 'tokens', path: /^\/api\/v1\/tokens\/[^/]+$/, handle: of(item) },
  ]
}

/** Ours: which codes the real one has for these is not known. */
const OTHER_ERROR = 'CRG0000E'

const NOT_AUTHENTICATED = 'An error occurred when authenticating your request with IBM Cloud.'
const NOT_AUTHORIZED = 'You are not authorized to access the specified account.'
const DISCONTINUED =
  'The creation of registry tokens is discontinued. For more information about how to use API keys to automate access to your namespaces, see: https://cloud.ibm.com/docs/services/Registry?topic=registry-registry_access'

/** Go leaves out what is empty or false. */
function listed({ id, value, description, organization, write, expiresAt }: TokenRecord): object {
  return {
    _id: id,
    owner: organization,
    token: value,
    ...(description && { secondary_owner: description }),
    ...(!write && { readonly: true }),
    ...(expiresAt && { expiry: expiresAt.getTime() / 1000 }),
  }
}

let requests = 0

function refuse(status: number, code: string, message: string): FakeResponse {
  requests++
  return json(status, { code, message, 'request-id': `72-${(Date.now() / 1000).toFixed(3)}-${99000 + requests}` })
}
