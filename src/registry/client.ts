import { asText } from '../core/json.ts'
import { isLoopback } from '../http/address.ts'
import type { RequestLimits } from '../http/brief-lookup.ts'
import type { Send } from '../http/client.ts'
import { NetworkError } from '../http/errors.ts'
import { acceptNamedServer } from '../http/named-server.ts'
import type { HttpResponse } from '../http/response.ts'
import { printable } from '../runner/log.ts'
import { mask, maskBasic } from '../runner/mask.ts'
import { type Challenge, challengeOf } from './challenge.ts'

/** User name and password, as a docker config has them. */
export interface Login {
  readonly username: string
  readonly password: string
}

export interface RegistryRequest {
  /** Reads after "Could not …". */
  readonly operation: string
  /** Absent for an anonymous request. */
  readonly login?: Login | undefined
  /** Default GET. */
  readonly method?: 'GET' | 'HEAD'
  readonly path: string
  /** What a bearer token is requested for, such as `repository:team/app:pull`. */
  readonly scope?: string
  readonly accept?: string
  /** The registry's response is returned whatever its status is, and the request is not repeated because of it. */
  readonly returnsAnyStatus?: boolean
  /** For this request and that to the token server; default those of every request. */
  readonly limits?: RequestLimits
}

/** The response of the registry, or of its token server when that issued no token. */
export interface RegistryResponse {
  readonly from: 'registry' | 'token-server'
  readonly response: HttpResponse
}

/** A registry that responded to `GET /v2/`. */
export interface Registry {
  readonly origin: string
  /** `host:port`. */
  readonly host: string
  /** The response to `GET /v2/` without credentials. */
  readonly ping: HttpResponse
  /** How the registry wants clients to log in; absent when it requires no login, or is not a registry. */
  readonly challenge: Challenge | undefined
  /** Sends a request as the challenge demands. @throws HttpError | NetworkError | UnexpectedResponse */
  send(request: RegistryRequest): Promise<RegistryResponse>
  /** The same registry, with the challenge that it sent elsewhere. */
  withChallenge(challenge: Challenge | undefined): Registry
}

/** Statuses that say something about a credential. `Send` retries 429 and 5xx, which do not, and then throws them. */
const CONCLUSIVE_STATUSES = [400, 401, 403, 404, 405, 406, 410, 412, 422, 451]

/** Beyond 2xx: https://www.rfc-editor.org/rfc/rfc9110#section-15 */
const ALL_STATUSES = Array.from({ length: 300 }, (_, index) => 300 + index)

/**
 * Sends `GET /v2/`, by which a client recognizes a registry.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support
 * @param server a host of a docker config, with or without a scheme. A loopback host without one is tried over https,
 * then over http.
 * @throws HttpError | NetworkError
 */
export async function connectRegistry(send: Send, server: string): Promise<Registry> {
  let firstError: NetworkError | undefined
  const origins = originsOf(server)
  for (const [index, origin] of origins.entries()) {
    try {
      const ping = await send({
        service: 'registry',
        operation: `reach registry ${printable(server)}`,
        url: `${origin}/v2/`,
        expectedStatuses: CONCLUSIVE_STATUSES,
        // Where another origin is left to try, the first one is not retried.
        ...(index < origins.length - 1 && { maxAttempts: 1 }),
      })
      return createRegistry(send, { origin, ping, challenge: challengeOf(ping) })
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      firstError ??= error
    }
  }
  throw firstError
}

interface Connection {
  readonly origin: string
  readonly ping: HttpResponse
  readonly challenge: Challenge | undefined
}

function createRegistry(send: Send, connection: Connection): Registry {
  const { origin, ping, challenge } = connection
  return {
    origin,
    host: new URL(origin).host,
    ping,
    challenge,
    async send(request) {
      const authorization = await authorize(send, connection, request)
      if (typeof authorization === 'object') return { from: 'token-server', response: authorization }
      const response = await send({
        ...request.limits,
        service: 'registry',
        operation: request.operation,
        method: request.method ?? 'GET',
        url: origin + request.path,
        expectedStatuses: request.returnsAnyStatus ? ALL_STATUSES : CONCLUSIVE_STATUSES,
        ...(request.accept && { headers: { accept: request.accept } }),
        ...(authorization && { credentials: { authorization } }),
      })
      return { from: 'registry', response }
    },
    withChallenge: (challenge) => createRegistry(send, { ...connection, challenge }),
  }
}

/**
 * The `Authorization` header of a request: a bearer token from the token server of the challenge, or the login itself
 * where the challenge is Basic.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 * @returns the response of the token server when it refuses to issue a token
 * @throws UnexpectedResponse when it says neither
 */
async function authorize(
  send: Send,
  { origin, ping, challenge }: Connection,
  { login, scope, limits }: RegistryRequest,
): Promise<string | HttpResponse | undefined> {
  const { host } = new URL(origin)
  const basic = login && `Basic ${maskBasic(login.username, login.password)}`
  if (challenge?.scheme !== 'bearer') return basic
  const url = tokenUrl(challenge, origin)
  if (url === undefined) throw ping.unexpected('its challenge names no token server')
  const operation = login ? `log in to registry ${host}` : `get an anonymous token for registry ${host}`
  acceptNamedServer({ operation, from: new URL(origin), to: url, role: 'token server' })
  if (scope !== undefined) url.searchParams.set('scope', scope)
  const response = await send({
    ...limits,
    service: 'registry',
    operation,
    url,
    expectedStatuses: CONCLUSIVE_STATUSES,
    ...(basic && { credentials: { authorization: basic } }),
  })
  if (response.credentialsDropped) {
    const problem = `${url.host} redirected there, and the credential is not sent to another origin`
    throw response.unexpected(problem, TOKEN_SERVER_HINT)
  }
  if (response.status !== 200) return response
  const { token, access_token } = response.json()
  const value = asText(token) ?? asText(access_token)
  // A request without a token would be refused, as if the login were wrong.
  if (value === undefined || !BEARER_TOKEN.test(value))
    throw response.unexpected('its body has no usable token', TOKEN_SERVER_HINT)
  return `Bearer ${mask(value, login?.username)}`
}

/** What a header can have; more than https://www.rfc-editor.org/rfc/rfc6750#section-2.1 allows. */
const BEARER_TOKEN = /^[\x21-\x7e]+$/

const TOKEN_SERVER_HINT =
  'The token server of the registry did not respond as one. Run the job again later, or ask the operators of the registry.'

function tokenUrl({ parameters: { realm, service } }: Challenge, origin: string): URL | undefined {
  if (!realm || !URL.canParse(realm, origin)) return undefined
  const url = new URL(realm, origin)
  if (service !== undefined) url.searchParams.set('service', service)
  return url
}

/** Where a registry is asked first; undefined where that is to be found out. */
export function knownOrigin(server: string): URL | undefined {
  const [origin = '', ...others] = originsOf(server)
  return others.length === 0 ? (URL.parse(origin) ?? undefined) : undefined
}

/** @see https://github.com/distribution/reference/blob/main/normalize.go for Docker Hub's two names */
function originsOf(server: string): string[] {
  const [, scheme, host = ''] = /^(https?:\/\/)?([^/]*)/.exec(server) ?? []
  if (host === 'docker.io' || host === 'index.docker.io') return ['https://registry-1.docker.io']
  if (scheme !== undefined) return [scheme + host]
  const hostname = host.replace(/:\d+$/, '')
  return isLoopback(hostname) ? [`https://${host}`, `http://${host}`] : [`https://${host}`]
}
