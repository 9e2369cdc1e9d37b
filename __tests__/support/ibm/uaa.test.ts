import { expect, it } from 'vitest'
import { type FakeIbm, startFakeIbm } from './environment.ts'

const CF_CLIENT = 'Basic Y2Y6'

async function ask(
  { uaa }: FakeIbm,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = { authorization: CF_CLIENT },
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${uaa}/oauth/token`, { method: 'POST', headers, body: new URLSearchParams(form) })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

it('has a path in its address, which is part of every request', async () => {
  await using environment = await startFakeIbm()
  const { pathname, origin } = new URL(environment.uaa)
  expect(pathname).toBe('/UAALoginServerWAR')
  expect((await fetch(`${origin}/oauth/token`, { method: 'POST' })).status).toBe(404)
})

it('gives an access token for a password, an API key and a passcode', async () => {
  await using environment = await startFakeIbm()
  const { username, password, apiKey, passcode } = environment.login
  for (const login of [{ username, password }, { username: 'apikey', password: apiKey }, { passcode }]) {
    const { status, body } = await ask(environment, { grant_type: 'password', ...login })
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'bearer',
      refresh_token: expect.stringMatching(/-r$/),
      expires_in: 1200,
      scope: expect.stringContaining('cloud_controller.read'),
      jti: expect.any(String),
    })
  }
})

it('takes a passcode once', async () => {
  await using environment = await startFakeIbm()
  const form = { grant_type: 'password', passcode: environment.login.passcode }
  expect((await ask(environment, form)).status).toBe(200)
  expect(await ask(environment, form)).toEqual({
    status: 401,
    body: { error: 'unauthorized', error_description: 'Invalid passcode' },
  })
})

it('takes its refresh tokens, and no others', async () => {
  await using environment = await startFakeIbm()
  const { username, password } = environment.login
  const { body } = await ask(environment, { grant_type: 'password', username, password })
  const refresh = (token: unknown) => ask(environment, { grant_type: 'refresh_token', refresh_token: String(token) })
  expect((await refresh(body.refresh_token)).status).toBe(200)
  expect(await refresh('unknown-r')).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
})

it('locks the account after some wrong passwords, for the right one too', async () => {
  await using environment = await startFakeIbm({ switches: { lockAfter: 2 } })
  const { username, password } = environment.login
  const logIn = (password: string) => ask(environment, { grant_type: 'password', username, password })
  const bad = { status: 401, body: { error: 'invalid_client', error_description: 'Bad credentials' } }
  expect(await logIn('wrong')).toEqual(bad)
  expect(await logIn('wrong again')).toEqual(bad)
  expect(await logIn(password)).toEqual({
    status: 401,
    body: {
      error: 'unauthorized',
      error_description: 'Your account has been locked because of too many failed attempts to login.',
    },
  })
})

it.each([
  ['no client', { grant_type: 'password' }, {}, 401, 'unauthorized'],
  ['another client', { grant_type: 'password' }, { authorization: 'Basic eDp5' }, 401, 'invalid_client'],
  ['no grant type', {}, { authorization: CF_CLIENT }, 400, 'invalid_request'],
  ['an unknown grant', { grant_type: 'magic' }, { authorization: CF_CLIENT }, 400, 'unsupported_grant_type'],
  [
    'another content type',
    { grant_type: 'password' },
    { authorization: CF_CLIENT, 'content-type': 'application/json' },
    400,
    'invalid_request',
  ],
])('refuses %s', async (_, form, headers, status, error) => {
  await using environment = await startFakeIbm()
  expect(await ask(environment, form, headers)).toMatchObject({ status, body: { error } })
})
