import { asText } from '../../core/json.ts'
import type { Send } from '../../http/client.ts'
import { mask } from '../../runner/mask.ts'

export interface IamLogin {
  readonly iamEndpoint: string
  readonly apiKey: string
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
}

interface AccessToken {
  readonly value: string
  /** Milliseconds since the epoch. */
  readonly renewAtMs: number
}

/** IAM access tokens expire within an hour, and a run can take longer. IBM's SDKs also renew them at 80 %. */
const RENEW_AFTER_FRACTION = 0.8

/** Returns IAM access tokens: logs in with the API key on the first call, and again when the token is about to expire. */
export function createLogin({ iamEndpoint, apiKey, now = Date.now }: IamLogin): (send: Send) => Promise<string> {
  let token: AccessToken | undefined
  return async (send) => {
    if (token === undefined || token.renewAtMs <= now())
      token = await getAccessToken(send, { iamEndpoint, apiKey, now })
    return token.value
  }
}

/** @see https://cloud.ibm.com/apidocs/iam-identity-token-api#gettoken-apikey */
async function getAccessToken(send: Send, { iamEndpoint, apiKey, now }: Required<IamLogin>): Promise<AccessToken> {
  const response = await send({
    service: 'issuer',
    operation: `log in at ${iamEndpoint}`,
    method: 'POST',
    url: `${iamEndpoint}/identity/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey }).toString(),
    // IAM returns 400 for an unknown API key.
    hints: () => ({
      400: API_KEY_HINT,
      401: API_KEY_HINT,
      403: API_KEY_HINT,
      404: 'Check `iam-endpoint`: the default is https://iam.cloud.ibm.com.',
    }),
  })
  const { access_token, expires_in } = response.json()
  const value = asText(access_token)
  if (value === undefined) throw response.unexpected('the response has no access_token')
  const lifetimeMs = typeof expires_in === 'number' ? expires_in * 1000 : 0
  return { value: mask(value), renewAtMs: now() + lifetimeMs * RENEW_AFTER_FRACTION }
}

const API_KEY_HINT =
  'Check `api-key`: it must be an IBM Cloud API key of this environment that manages the service ID, and must not be deleted or disabled.'
