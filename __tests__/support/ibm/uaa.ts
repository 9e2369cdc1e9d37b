// The UAA of a Cloud Foundry: the token endpoint, as far as a command line client uses it.
import { randomBytes, randomUUID } from 'node:crypto'
import {
  basicLogin,
  bearerToken,
  type FakeResponse,
  form,
  type Handler,
  json,
  notFound,
  type RecordedRequest,
} from '../http/exchange.ts'
import type { Route } from '../http/http-server.ts'
import { inSeconds, signHs256, verifyHs256 } from './jwt.ts'
import type { Switches } from './switches.ts'

export interface UaaUser {
  readonly username: string
  readonly password: string
  readonly apiKey: string
}

export interface Uaa {
  /** `POST {base}/oauth/token` */
  readonly token: Handler
  /** An access token of the user, as any login gives. */
  createAccessToken(): string
  /** A code that logs in once. */
  createPasscode(): string
  /** Whose token a request bears: a user name, or why it is none. */
  authenticate(request: RecordedRequest): { username: string } | { refused: 'missing' | 'invalid' }
}

/** As on public Bluemix, where the endpoint is `https://login.ng.bluemix.net/UAALoginServerWAR`. */
export const UAA_PATH = '/UAALoginServerWAR'

export function uaaRoutes(uaa: Uaa): readonly Route[] {
  return [
    { server: 'uaa', path: new RegExp(`^${UAA_PATH}/oauth/token$`), handle: uaa.token },
    { server: 'uaa', path: /^/, handle: notFound },
  ]
}

const client = { username: 'cf', password: '' }
const scope = 'openid uaa.user cloud_controller.read cloud_controller.write password.write'

export function createUaa(user: UaaUser, switches: Switches): Uaa {
  const secret = randomBytes(32)
  const passcodes = new Set<string>()
  const refreshTokens = new Set<string>()
  let failures = 0

  function createAccessToken(jti = randomId()): string {
    const claims = {
      jti,
      user_name: user.username,
      scope: scope.split(' '),
      client_id: client.username,
      grant_type: 'password',
      iat: inSeconds(0),
      exp: inSeconds(switches.accessTokenLifetime),
      aud: ['cloud_controller', 'openid', 'uaa'],
    }
    return signHs256(claims, secret)
  }

  function grant(): FakeResponse {
    const jti = randomId()
    const refreshToken = `${randomId()}-r`
    refreshTokens.add(refreshToken)
    return json(200, {
      access_token: createAccessToken(jti),
      token_type: 'bearer',
      refresh_token: refreshToken,
      expires_in: switches.accessTokenLifetime,
      scope,
      jti,
    })
  }

  function passwordGrant(fields: URLSearchParams): FakeResponse {
    const passcode = fields.get('passcode')
    if (passcode !== null) return passcodes.delete(passcode) ? grant() : refuse(401, 'unauthorized', 'Invalid passcode')
    const username = fields.get('username')
    const password = fields.get('password')
    if (username === 'apikey' && password === user.apiKey) return grant()
    if (username === user.username) {
      if (failures >= switches.lockAfter) return refuse(401, 'unauthorized', LOCKED)
      if (password === user.password) {
        failures = 0
        return grant()
      }
      failures++
    }
    return refuse(401, 'invalid_client', 'Bad credentials')
  }

  function refreshGrant(fields: URLSearchParams): FakeResponse {
    const refreshToken = fields.get('refresh_token') ?? ''
    return refreshTokens.has(refreshToken) ? grant() : refuse(401, 'invalid_token', 'The token expired or was revoked')
  }

  return {
    createAccessToken,
    createPasscode() {
      const passcode = randomBytes(5).toString('hex')
      passcodes.add(passcode)
      return passcode
    },
    authenticate(request) {
      const token = bearerToken(request)
      if (token === undefined) return { refused: 'missing' }
      const username = verifyHs256(token, secret)?.user_name
      return typeof username === 'string' ? { username } : { refused: 'invalid' }
    },
    token(request) {
      if (request.method !== 'POST')
        return refuse(405, 'method_not_allowed', `Request method '${request.method}' not supported`)
      const login = basicLogin(request)
      if (login === undefined)
        return refuse(401, 'unauthorized', 'Full authentication is required to access this resource')
      if (login.username !== client.username || login.password !== client.password) {
        return refuse(401, 'invalid_client', 'Bad credentials')
      }
      const fields = form(request)
      switch (fields.get('grant_type')) {
        case 'password':
          return passwordGrant(fields)
        case 'refresh_token':
          return refreshGrant(fields)
        case null:
          return refuse(400, 'invalid_request', 'Missing grant type')
        default:
          return refuse(400, 'unsupported_grant_type', `Unsupported grant type: ${fields.get('grant_type')}`)
      }
    },
  }
}

function randomId(): string {
  return randomUUID().replaceAll('-', '')
}

const LOCKED = 'Your account has been locked because of too many failed attempts to login.'

function refuse(status: number, error: string, description: string): FakeResponse {
  return json(status, { error, error_description: description })
}
