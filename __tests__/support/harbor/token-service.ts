// The token service and the access check of the fake Harbor's registry. After goharbor/harbor at c50c7ddd:
// src/core/service/token, src/server/middleware/v2auth and src/server/middleware/security/v2_token.go.
import { randomUUID, X509Certificate } from 'node:crypto'
import type { Certificate } from '../http/certificate.ts'
import { bearerToken, type FakeResponse, type Handler, json, type RecordedRequest } from '../http/exchange.ts'
import { inSeconds, signRs256, verifyRs256 } from '../ibm/jwt.ts'
import { ISSUER as UPSTREAM_ISSUER, SERVICE as UPSTREAM_SERVICE } from '../registry/realm.ts'
import { refuse } from './error.ts'
import { type Directory, type Principal, principalOf } from './security.ts'

const SERVICE = 'harbor-registry'
const ISSUER = 'harbor-token-issuer'
const LIFETIME_SECONDS = 30 * 60

interface Grant {
  readonly type: string
  readonly name: string
  readonly actions: readonly string[]
}

export function createTokenService(directory: Directory, signer: Certificate) {
  const x5c = new X509Certificate(signer.certificate).raw.toString('base64')
  const sign = (claims: object) =>
    signRs256(
      { ...claims, exp: inSeconds(LIFETIME_SECONDS), nbf: inSeconds(-10), iat: inSeconds(0), jti: randomUUID() },
      signer.key,
      x5c,
    )

  /** The actions of a scope are those that are allowed, whatever was asked for. */
  function allowed(principal: Principal, repository: string): string[] {
    const project = directory.projects.find(({ name }) => name === repository.split('/')[0])
    if (project === undefined) return []
    const scope = { projectId: project.id }
    return ['pull', 'push', 'delete'].filter((action) => principal.can({ resource: 'repository', action }, scope))
  }

  /** `GET /service/token`. A login that is wrong is refused only when it asks for no scope. */
  function issue(request: RecordedRequest): FakeResponse {
    if (request.method !== 'GET') return { status: 405 }
    const service = request.query.get('service') ?? ''
    if (service !== SERVICE) return { status: 400, body: `Unable to handle service: ${service}` }
    const principal = principalOf(request, directory)
    const scopes = request.query.getAll('scope').flatMap((scope) => scope.split(' '))
    if (principal.username === '' && scopes.length === 0) return { status: 401 }
    const access = scopes.map((scope): Grant => {
      const [type = '', ...name] = scope.split(':').slice(0, -1)
      return { type, name: name.join(':'), actions: type === 'repository' ? allowed(principal, name.join(':')) : [] }
    })
    const token = sign({ iss: ISSUER, sub: principal.username, aud: [SERVICE], access })
    return json(200, {
      token,
      access_token: '',
      expires_in: LIFETIME_SECONDS,
      issued_at: new Date().toISOString(),
    })
  }

  /** A bearer token counts for the projects of its scopes. */
  function principalOfRegistry(request: RecordedRequest): Principal {
    const claims = verifyRs256(bearerToken(request) ?? '', signer.certificate)
    if (claims?.iss !== ISSUER) return principalOf(request, directory)
    const granted = new Map((claims.access as Grant[]).map(({ name, actions }) => [name.split('/')[0], actions]))
    return {
      kind: 'v2token',
      username: String(claims.sub),
      can({ resource, action }, scope) {
        const project = scope === 'system' ? undefined : directory.projects.find(({ id }) => id === scope.projectId)
        return resource === 'repository' && (granted.get(project?.name)?.includes(action) ?? false)
      },
    }
  }

  /** Lets requests to the registry through with Harbor's own credential for it. */
  function guard(realm: string, upstream: Handler): Handler {
    return async (request) => {
      const path = request.path.slice('/v2/'.length)
      const [, repository] = /^(.+?)\/(?:manifests|blobs|tags)(?:\/|$)/.exec(path) ?? []
      const action = ['GET', 'HEAD'].includes(request.method) ? 'pull' : 'push'
      const refused = check(request, repository, action, realm)
      if (refused !== undefined) return refused
      const access = repository ? [{ type: 'repository', name: repository, actions: ['pull', 'push'] }] : []
      const authorization = `Bearer ${sign({ iss: UPSTREAM_ISSUER, sub: 'core', aud: UPSTREAM_SERVICE, access })}`
      return await upstream({ ...request, headers: { ...request.headers, authorization } })
    }
  }

  function check(
    request: RecordedRequest,
    repository: string | undefined,
    action: 'pull' | 'push',
    realm: string,
  ): FakeResponse | undefined {
    const hasHeader = request.headers.authorization !== undefined
    const actions = action === 'pull' ? 'pull' : 'pull,push'
    const scope = repository === undefined ? '' : `,scope="repository:${repository}:${actions}"`
    const challenge = hasHeader ? 'Basic realm="harbor"' : `Bearer realm="${realm}",service="${SERVICE}"${scope}`
    const principal = principalOfRegistry(request)
    if (repository === undefined) return principal.username === '' ? challenged(challenge, 'unauthorized') : undefined
    if (!hasHeader && action === 'pull')
      return challenged(challenge, 'authorize header needed to send HEAD to repository')
    const [name = ''] = repository.split('/')
    const project = directory.projects.find((one) => one.name === name)
    if (project === undefined) return challenged('', `project ${name} not found`)
    if (principal.can({ resource: 'repository', action }, { projectId: project.id })) return undefined
    return challenged(challenge, `unauthorized to access repository: ${repository}, action: ${action}`)
  }

  return { issue, guard }
}

function challenged(challenge: string, message: string): FakeResponse {
  return refuse('UNAUTHORIZED', message, {
    'docker-distribution-api-version': 'registry/2.0',
    'www-authenticate': challenge,
  })
}
