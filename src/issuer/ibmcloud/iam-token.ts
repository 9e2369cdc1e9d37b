import { asText } from '../../core/json.ts'
import type { Send } from '../../http/client.ts'
import { UnexpectedAnswer } from '../../http/errors.ts'
import { mask } from '../../runner/mask.ts'

/** A token of IAM, and when another one has to be got (milliseconds). */
interface AccessToken {
  readonly value: string
  readonly renewAt: number
}

/** A run can last longer than a token, which ends after an hour at most: the last fifth of its life is not relied on. */
const RELIABLE_PART = 0.8

/** Logs in by an API key, and again when the token is about to end. */
export function createLogin(request: {
  readonly iamEndpoint: string
  readonly apiKey: string
}): (send: Send) => Promise<string> {
  let token: AccessToken | undefined
  return async (send) => {
    if (token === undefined || token.renewAt <= Date.now()) token = await getAccessToken(send, request)
    return token.value
  }
}

async function getAccessToken(
  send: Send,
  { iamEndpoint, apiKey }: { readonly iamEndpoint: string; readonly apiKey: string },
): Promise<AccessToken> {
  const doing = `log in at ${iamEndpoint}`
  const url = `${iamEndpoint}/identity/token`
  const answer = await send({
    doing,
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey }).toString(),
    // IAM says of a wrong key that the request is bad.
    cures: { 400: CURE, 401: CURE, 403: CURE, 404: 'Check `iam-endpoint`: usually https://iam.cloud.ibm.com.' },
  })
  const { access_token, expires_in } = answer.json()
  const value = asText(access_token)
  if (value === undefined) throw new UnexpectedAnswer(doing, `POST ${url}`, 'it holds no access_token')
  const life = typeof expires_in === 'number' ? expires_in * 1000 : 0
  return { value: mask(value), renewAt: Date.now() + life * RELIABLE_PART }
}

const CURE =
  'Check `api-key`: it must be a live IBM Cloud API key that manages the service ID, neither deleted, disabled nor of another environment.'
