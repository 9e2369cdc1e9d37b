import type { Send } from '../../http/client.ts'
import { mask } from '../../runner/mask.ts'
import { readCliSession } from './cli.ts'
import { discoverLogin } from './endpoints.ts'

/** How to get a UAA access token. */
export type Login =
  | { readonly method: 'oauth-token'; readonly token: string }
  | { readonly method: 'password'; readonly username: string; readonly password: string }
  | { readonly method: 'api-key'; readonly apiKey: string }
  | { readonly method: 'passcode'; readonly passcode: string }
  /** The environment of its program. */
  | { readonly method: 'cli'; readonly environment: NodeJS.ProcessEnv }

/** The OAuth client `cf` with its empty secret, which every Cloud Foundry client sends. It is not a secret. */
const CF_CLIENT = `Basic ${Buffer.from('cf:').toString('base64')}`

/**
 * @param signal ends the program that is asked for it
 * @returns a UAA access token, without the word `Bearer`
 */
export async function getAccessToken(
  send: Send,
  { apiEndpoint, login }: { readonly apiEndpoint: string; readonly login: Login },
  signal: AbortSignal,
): Promise<string> {
  switch (login.method) {
    case 'oauth-token':
      return login.token
    case 'cli':
      return await readCliSession(login.environment, signal)
    case 'password': {
      const { username, password } = login
      return await requestToken(send, apiEndpoint, { form: { username, password }, hint: PASSWORD_HINT })
    }
    case 'api-key':
      return await requestToken(send, apiEndpoint, {
        form: { username: 'apikey', password: login.apiKey },
        hint: API_KEY_HINT,
      })
    case 'passcode':
      return await requestToken(send, apiEndpoint, { form: { passcode: login.passcode }, hint: PASSCODE_HINT })
  }
}

const PASSWORD_HINT =
  'Check `username` and `password`. The action tried them only once, because failed logins lock the account. Federated users log in with `api-key` or `passcode`.'

const API_KEY_HINT = 'Check `api-key`: it must be an IBM Cloud API key of a user of this Dedicated environment.'

const PASSCODE_HINT =
  'A passcode works once and expires after a few minutes: get a new one from the page /passcode of the login server, or use `api-key` in workflows.'

/**
 * The OAuth password grant. Its request is never retried, not even after an unclear response: failed logins lock the
 * account, and a passcode works once.
 * @see https://docs.cloudfoundry.org/api/uaa/#password-grant
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.3
 */
async function requestToken(
  send: Send,
  apiEndpoint: string,
  { form, hint }: { readonly form: Readonly<Record<string, string>>; readonly hint: string },
): Promise<string> {
  const server = await discoverLogin(send, apiEndpoint)
  const response = await send({
    service: 'issuer',
    operation: `log in at ${server}`,
    method: 'POST',
    url: `${server}/oauth/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    credentials: { authorization: CF_CLIENT },
    body: new URLSearchParams({ grant_type: 'password', ...form }).toString(),
    hints: () => ({ 400: hint, 401: hint, 403: hint }),
  })
  const token = response.json().access_token
  if (typeof token !== 'string' || token === '') throw response.unexpected('the response has no access_token')
  return mask(token)
}
