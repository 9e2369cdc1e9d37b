import type { Send } from '../../http/client.ts'
import { UnexpectedAnswer } from '../../http/errors.ts'
import { mask } from '../../runner/mask.ts'
import { readCliSession } from './cli.ts'
import { discoverLogin } from './endpoints.ts'

/** How to get a UAA access token. */
export type Login =
  | { readonly method: 'oauth-token'; readonly token: string }
  | { readonly method: 'password'; readonly username: string; readonly password: string }
  | { readonly method: 'api-key'; readonly apiKey: string }
  | { readonly method: 'passcode'; readonly passcode: string }
  | { readonly method: 'cli' }

/** The client id `cf` with its empty secret, as every Cloud Foundry client sends it: not a secret. */
const CF_CLIENT = `Basic ${Buffer.from('cf:').toString('base64')}`

/** @returns the value of a UAA access token, without the word `Bearer` */
export async function getAccessToken(send: Send, apiEndpoint: string, login: Login): Promise<string> {
  switch (login.method) {
    case 'oauth-token':
      return login.token
    case 'cli':
      return await readCliSession()
    case 'password':
      return await grant(send, apiEndpoint, { username: login.username, password: login.password }, PASSWORD_CURE)
    case 'api-key':
      return await grant(send, apiEndpoint, { username: 'apikey', password: login.apiKey }, API_KEY_CURE)
    case 'passcode':
      return await grant(send, apiEndpoint, { passcode: login.passcode }, PASSCODE_CURE)
  }
}

const PASSWORD_CURE =
  'Check `username` and `password`. It was tried once only, since failed logins lock the account. Federated users log in with `api-key` or `passcode`.'
const API_KEY_CURE = 'Check `api-key`: it must be an IBM Cloud API key of a user of this Dedicated environment.'

const PASSCODE_CURE =
  'A passcode works once and for some minutes: get a new one from the page /passcode of the login server, or use `api-key` in workflows.'

/**
 * The password grant. Its request is never repeated, not even after an unclear answer: failed logins lock the account,
 * and a passcode works once.
 */
async function grant(
  send: Send,
  apiEndpoint: string,
  form: Readonly<Record<string, string>>,
  cure: string,
): Promise<string> {
  const server = await discoverLogin(send, apiEndpoint)
  const doing = `log in at ${server}`
  const answer = await send({
    doing,
    method: 'POST',
    url: `${server}/oauth/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    credentials: { authorization: CF_CLIENT },
    body: new URLSearchParams({ grant_type: 'password', ...form }).toString(),
    cures: { 400: cure, 401: cure, 403: cure },
  })
  const token = answer.json().access_token
  if (typeof token !== 'string' || token === '') {
    throw new UnexpectedAnswer(doing, `POST ${server}/oauth/token`, 'it holds no access_token')
  }
  return mask(token)
}
