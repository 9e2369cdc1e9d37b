import type { HttpRequest, Send } from '../../http/client.ts'
import type { HttpResponse } from '../../http/response.ts'
import { maskBasic } from '../../runner/mask.ts'

/** Where Harbor is, and a user or a robot account that may log in. */
export interface HarborLogin {
  /** Without a final slash. */
  readonly endpoint: string
  readonly username: string
  readonly password: string
}

/** A request to Harbor's API; `path` is below `/api/v2.0`. */
export type ApiRequest = Pick<HttpRequest, 'operation' | 'method' | 'headers' | 'expectedStatuses' | 'hints'> & {
  readonly path: string
  /** Sent as JSON. */
  readonly body?: object
}

/** Harbor's API with one login. */
export interface HarborApi {
  /** For messages. */
  readonly endpoint: string
  /** @throws the errors of `Send` */
  request(request: ApiRequest): Promise<HttpResponse>
}

/**
 * The API of a Harbor server. Each request has the login: there is no session.
 * @see https://github.com/goharbor/harbor/blob/c50c7ddd/api/v2.0/swagger.yaml
 */
export function createApi(send: Send, { endpoint, username, password }: HarborLogin): HarborApi {
  const authorization = `Basic ${maskBasic(username, password)}`
  return {
    endpoint,
    request: ({ path, body, headers, ...request }) =>
      send({
        ...request,
        service: 'issuer',
        url: `${endpoint}/api/v2.0${path}`,
        credentials: { authorization },
        headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
        ...(body && { body: JSON.stringify(body) }),
      }),
  }
}

/** The request for who is logged in, which returns 412 to a robot account and 401 to a wrong login. */
const CURRENT_USER = '/users/current'

/**
 * Tries the login of this run, once. Harbor treats a wrong login as an anonymous one, to which it shows public projects: only a
 * request that needs a login shows that the password is wrong.
 * @see https://github.com/goharbor/harbor/blob/c50c7ddd/src/server/v2.0/handler/user.go
 */
export async function requireLogin(api: HarborApi): Promise<void> {
  const response = await api.request({
    operation: `log in to Harbor at ${api.endpoint}`,
    path: CURRENT_USER,
    expectedStatuses: [412],
    hints: () => ({ 401: LOGIN_HINT, 404: ENDPOINT_HINT }),
  })
  // A web page in the place of Harbor also returns 200.
  if (response.status === 200) response.json()
}

/** Whether Harbor accepts the user name and the secret of a robot account that is neither disabled nor expired. */
export async function acceptsRobot(api: HarborApi): Promise<boolean> {
  const operation = `log in to Harbor at ${api.endpoint} with a stored credential`
  const { status } = await api.request({ operation, path: CURRENT_USER, expectedStatuses: [401, 412] })
  return status === 412
}

const LOGIN_HINT =
  'Check `username` and `password`. The user name of a robot account has a prefix, such as `robot$`, and its secret is shown only once. Where Harbor uses OIDC, the password is the CLI secret of the user profile.'

export const ENDPOINT_HINT =
  'Check `registry-endpoint`: it must be the address of Harbor, as in https://harbor.example.com, without the path of a page.'
