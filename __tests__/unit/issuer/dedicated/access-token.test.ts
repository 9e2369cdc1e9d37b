import { getGlobalDispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { createSend } from '../../../../src/http/client.ts'
import { getAccessToken, type Login } from '../../../../src/issuer/dedicated/access-token.ts'
import { json } from '../../../support/http/exchange.ts'
import type { Fault } from '../../../support/http/faults.ts'
import { startWebServer } from '../../../support/http/web-server.ts'
import { type FakeIbm, startFakeIbm } from '../../../support/ibm/environment.ts'
import { captureLog } from '../../../support/runner/captured-log.ts'

const send = createSend(getGlobalDispatcher(), new AbortController().signal)

type Method = 'password' | 'api-key' | 'passcode'

function loginBy(method: Method, { login }: FakeIbm): Login {
  switch (method) {
    case 'password':
      return { method, username: login.username, password: login.password }
    case 'api-key':
      return { method, apiKey: login.apiKey }
    case 'passcode':
      return { method, passcode: login.passcode }
  }
}

/** The requests to the login server. */
const logins = ({ journal }: FakeIbm) => journal.filter(({ server }) => server === 'uaa')

/** Whether the Cloud Foundry API accepts the token. */
async function isAccepted(token: string, { api }: FakeIbm): Promise<boolean> {
  return (await fetch(`${api}/v3/organizations`, { headers: { authorization: `Bearer ${token}` } })).ok
}

describe('a login', () => {
  it.each<[Method, (login: FakeIbm['login']) => Record<string, string>]>([
    ['password', ({ username, password }) => ({ username, password })],
    ['api-key', ({ apiKey }) => ({ username: 'apikey', password: apiKey })],
    ['passcode', ({ passcode }) => ({ passcode })],
  ])('with %s is one request, in the format of the Cloud Foundry CLI', async (method, form) => {
    await using environment = await startFakeIbm()
    const token = await getAccessToken(
      send,
      { apiEndpoint: environment.api, login: loginBy(method, environment) },
      new AbortController().signal,
    )
    expect(await isAccepted(token, environment)).toBe(true)
    const fields = new URLSearchParams({ grant_type: 'password', ...form(environment.login) })
    expect(logins(environment)).toMatchObject([
      {
        method: 'POST',
        path: '/UAALoginServerWAR/oauth/token',
        headers: {
          authorization: 'Basic Y2Y6',
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: String(fields),
      },
    ])
  })

  it('sends every character of a password', async () => {
    await using server = await startWebServer(({ path }) =>
      path === '/v2/info' ? json(200, { authorization_endpoint: server.url }) : json(200, { access_token: 'a.b.c' }),
    )
    const form = { username: 'jürgen+1@example.com', password: ' &=%+"\\\u{1F511}é;' }
    expect(
      await getAccessToken(
        send,
        { apiEndpoint: server.url, login: { method: 'password', ...form } },
        new AbortController().signal,
      ),
    ).toBe('a.b.c')
    expect(Object.fromEntries(new URLSearchParams(server.journal[1]?.body))).toEqual({
      grant_type: 'password',
      ...form,
    })
  })

  it('with a token sends no request', async () => {
    await using environment = await startFakeIbm()
    const { uaaToken: token } = environment.login
    expect(
      await getAccessToken(
        send,
        { apiEndpoint: environment.api, login: { method: 'oauth-token', token } },
        new AbortController().signal,
      ),
    ).toBe(token)
    expect(environment.journal).toEqual([])
  })

  it('masks the access token', async () => {
    await using environment = await startFakeIbm()
    using captured = captureLog()
    const token = await getAccessToken(
      send,
      { apiEndpoint: environment.api, login: loginBy('password', environment) },
      new AbortController().signal,
    )
    expect(captured.log.masks).toContain(token)
  })
})

describe('a password is sent only once', () => {
  const at = (status: number, body = ''): Fault => ({ kind: 'status', status, headers: { 'retry-after': '0' }, body })

  it.each<Fault>([
    ...[400, 401, 403, 404, 408, 429, 500, 502, 503, 504].map((status) => at(status)),
    at(200, '<h1>Log in</h1>'),
    at(200, '{}'),
    at(200, '{"access_token":""}'),
    { kind: 'reset-before' },
    { kind: 'reset-after' },
    { kind: 'truncate' },
    { kind: 'truncated-json' },
  ])('after %o', async (fault) => {
    await using environment = await startFakeIbm()
    const planned = environment.faults.add({ when: { server: 'uaa' }, fault })
    const token = getAccessToken(
      send,
      { apiEndpoint: environment.api, login: loginBy('password', environment) },
      new AbortController().signal,
    )
    await expect(token).rejects.toThrow(/^Could not log in at http/)
    await expect(token).rejects.not.toThrow(environment.login.password)
    expect(planned.met).toBe(1)
    expect(logins(environment)).toHaveLength(1)
  })

  it.each<[Method, RegExp]>([
    ['password', /`username` and `password`.*only once/],
    ['api-key', /`api-key`/],
    ['passcode', /works once/],
  ])('and a hint says what to check when the %s is wrong', async (method, hint) => {
    await using environment = await startFakeIbm()
    const wrong = { ...environment, login: { ...environment.login, password: 'no', apiKey: 'no', passcode: 'no' } }
    const token = getAccessToken(
      send,
      { apiEndpoint: environment.api, login: loginBy(method, wrong) },
      new AbortController().signal,
    )
    await expect(token).rejects.toMatchObject({ status: 401, hint: expect.stringMatching(hint) })
    await expect(token).rejects.toThrow(
      /returned 401 (invalid_client: Bad credentials|unauthorized: Invalid passcode)$/,
    )
    expect(logins(environment)).toHaveLength(1)
  })

  it('and to no other server when the login server redirects', async () => {
    await using environment = await startFakeIbm()
    await using other = await startWebServer(() => json(200, { access_token: 'a.b.c' }))
    environment.faults.add({ when: { server: 'uaa' }, fault: { kind: 'redirect', to: other.url } })
    const token = getAccessToken(
      send,
      { apiEndpoint: environment.api, login: loginBy('password', environment) },
      new AbortController().signal,
    )
    await expect(token).rejects.toMatchObject({ status: 307 })
    expect(other.journal).toEqual([])
  })

  it('and never to a login server without https', async () => {
    await using environment = await startFakeIbm()
    const body = JSON.stringify({ authorization_endpoint: 'http://login.example.com' })
    environment.faults.add({ when: { path: '/v2/info' }, fault: at(200, body) })
    const token = getAccessToken(
      send,
      { apiEndpoint: environment.api, login: loginBy('password', environment) },
      new AbortController().signal,
    )
    await expect(token).rejects.toThrow(
      `${new URL(environment.api).host} names as its login server http://login.example.com, which is not https`,
    )
  })
})

it('a locked account is reported as locked', async () => {
  await using environment = await startFakeIbm({ switches: { lockAfter: 1 } })
  const { username, password } = environment.login
  const by = (password: string) =>
    getAccessToken(
      send,
      { apiEndpoint: environment.api, login: { method: 'password', username, password } },
      new AbortController().signal,
    )
  await expect(by('wrong')).rejects.toThrow('Bad credentials')
  await expect(by(password)).rejects.toThrow('Your account has been locked because of too many failed attempts')
})
