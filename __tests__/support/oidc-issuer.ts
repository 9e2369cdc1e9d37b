// An OIDC issuer with refresh tokens that work once.
import { randomUUID } from 'node:crypto'
import { createAuthority } from './http/certificate.ts'
import { type FakeResponse, json, notFound, type RecordedRequest } from './http/exchange.ts'
import { Faults } from './http/faults.ts'
import { type JournalEntry, startHttpServer } from './http/http-server.ts'

export interface OidcIssuer extends AsyncDisposable {
  readonly url: string
  /** PEM. */
  readonly certificateAuthority: string
  /** The one that works now. */
  readonly refreshToken: string
  /** All that have been issued. */
  readonly issued: readonly string[]
  /** The requests for tokens. */
  readonly refreshes: readonly RecordedRequest[]
}

/** It comes with each id-token. */
export const OIDC_ACCESS_TOKEN = `access-${randomUUID()}`

/**
 * @param createIdToken what it issues
 * @param tokenHost names this host in its token_endpoint, instead of its own
 * @param clientIn `form`: the secret of the client is accepted in the form only
 */
export async function startOidcIssuer(
  createIdToken: () => string,
  tokenHost = '127.0.0.1',
  clientIn: 'header' | 'form' = 'header',
): Promise<OidcIssuer> {
  const authority = await createAuthority('issuer')
  const certificate = await authority.issue({ commonName: 'issuer', hosts: ['127.0.0.1'] })
  const journal: JournalEntry[] = []
  const issued = [`refresh-${randomUUID()}`]
  const refreshes: RecordedRequest[] = []

  const describe = (): FakeResponse =>
    json(200, { issuer: server.url, token_endpoint: `${server.url.replace('127.0.0.1', tokenHost)}/token` })
  const refresh = (request: RecordedRequest): FakeResponse => {
    refreshes.push(request)
    const form = new URLSearchParams(request.body)
    if (clientIn === 'form' && !form.has('client_secret')) return json(401, { error: 'invalid_client' })
    const isValid = form.get('grant_type') === 'refresh_token' && form.get('refresh_token') === issued.at(-1)
    if (!isValid) return json(400, { error: 'invalid_grant', error_description: 'the session has ended' })
    issued.push(`refresh-${randomUUID()}`)
    return json(200, { id_token: createIdToken(), refresh_token: issued.at(-1), access_token: OIDC_ACCESS_TOKEN })
  }
  const server = await startHttpServer(
    () => [
      { server: 'github', path: /^\/\.well-known\/openid-configuration$/, handle: describe },
      { server: 'github', path: /^\/token$/, handle: refresh },
      { server: 'github', path: /^/, handle: notFound },
    ],
    { journal, faults: new Faults(), certificate },
  )
  return {
    url: server.url,
    certificateAuthority: authority.certificate,
    issued,
    refreshes,
    get refreshToken() {
      return issued.at(-1) ?? ''
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
