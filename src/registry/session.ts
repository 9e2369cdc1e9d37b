import { asText } from '../core/json.ts'
import { isLoopback } from '../http/address.ts'
import { type HttpAnswer, header, type Send } from '../http/client.ts'
import { NetworkError, UnexpectedAnswer } from '../http/errors.ts'
import { printable } from '../runner/log.ts'
import { mask, maskBasic } from '../runner/mask.ts'
import { type Challenge, parseChallenges } from './challenge.ts'

/** User and password as they stand in a docker config. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** One registry, asked once how it wants to be asked. */
export interface RegistrySession {
  /** The origin that answered. */
  readonly origin: string
  /** The answer to `GET /v2/` without credentials. */
  readonly ping: HttpAnswer
  /** What the ping was challenged with; absent when the registry asks for no login, or is none. */
  readonly challenge: Challenge | undefined
}

/** What came of a request with a login, or without one: the registry's answer, or the refusal of its token server. */
export interface Opened {
  readonly by: 'registry' | 'realm'
  readonly answer: HttpAnswer
}

/** The answers that tell something about a credential. 429 and 5xx tell nothing: `Send` repeats and then throws them. */
const TELLING = [400, 401, 403, 404, 405, 406, 410, 422, 451]

/**
 * Finds the registry behind a host of a docker config.
 * @param server with or without a scheme; a loopback host without one is asked by https, then by http
 */
export async function openRegistry(send: Send, server: string): Promise<RegistrySession> {
  let lost: unknown
  const origins = originsOf(server)
  for (const [index, origin] of origins.entries()) {
    try {
      const ping = await send({
        doing: `reach the registry ${printable(server)}`,
        url: `${origin}/v2/`,
        expect: TELLING,
        // Where there is another way to ask, the first one is tried once.
        ...(index < origins.length - 1 && { attempts: 1 }),
      })
      return { origin, ping, challenge: challengeOf(ping) }
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      lost ??= error
    }
  }
  throw lost
}

/** How an answer wants to be asked again; bearer tokens are preferred to sending the login itself. */
export function challengeOf(answer: HttpAnswer): Challenge | undefined {
  const challenges = answer.status === 401 ? parseChallenges(header(answer, 'www-authenticate') ?? '') : []
  return challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges[0]
}

/**
 * Asks for a path of the registry with a login, or as anybody: fetches a bearer token for the scope at the realm of the
 * challenge, or sends the login itself where the challenge is Basic.
 */
export async function open(
  send: Send,
  { origin, challenge }: RegistrySession,
  login: Login | undefined,
  request: {
    readonly method?: 'GET' | 'HEAD'
    readonly path: string
    readonly scope?: string
    readonly accept?: string
  },
): Promise<Opened> {
  const doing = `ask the registry ${new URL(origin).host} for ${request.path}${login ? '' : ' without a login'}`
  const basic = login && { authorization: `Basic ${maskBasic(login.username, login.password)}` }
  let credentials = basic
  if (challenge?.scheme === 'bearer') {
    const answer = await send({
      doing: `get a token of the registry ${new URL(origin).host}`,
      url: tokenUrl(challenge, origin, request.scope),
      expect: TELLING,
      ...(basic && { credentials: basic }),
    })
    if (answer.status !== 200) return { by: 'realm', answer }
    const said = answer.json()
    const token = asText(said.token) ?? asText(said.access_token)
    credentials = token === undefined ? undefined : { authorization: `Bearer ${mask(token)}` }
  }
  const answer = await send({
    doing,
    method: request.method ?? 'GET',
    url: origin + request.path,
    expect: TELLING,
    ...(request.accept && { headers: { accept: request.accept } }),
    ...(credentials && { credentials }),
  })
  return { by: 'registry', answer }
}

function tokenUrl({ parameters }: Challenge, origin: string, scope: string | undefined): URL {
  const realm = parameters.realm ?? ''
  if (realm === '' || !URL.canParse(realm, origin)) {
    throw new UnexpectedAnswer(`get a token of the registry ${new URL(origin).host}`, origin, 'names no token server')
  }
  const url = new URL(realm, origin)
  if (parameters.service !== undefined) url.searchParams.set('service', parameters.service)
  if (scope !== undefined) url.searchParams.set('scope', scope)
  return url
}

function originsOf(server: string): string[] {
  const [, scheme, host = ''] = /^(https?:\/\/)?([^/]*)/.exec(server) ?? []
  if (host === 'docker.io' || host === 'index.docker.io') return ['https://registry-1.docker.io']
  if (scheme !== undefined) return [scheme + host]
  const hostname = host.replace(/:\d+$/, '')
  return isLoopback(hostname) ? [`https://${host}`, `http://${host}`] : [`https://${host}`]
}
