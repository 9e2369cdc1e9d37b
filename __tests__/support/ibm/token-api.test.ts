import { expect, it } from 'vitest'
import { type FakeIbm, startFakeIbm } from './environment.ts'
import { foreignOrganization, otherOrganization } from './organizations.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON whose shape is what the tests assert
type Json = any

async function ask(
  { registry, login, organization }: FakeIbm,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: Json }> {
  const usual = { authorization: `Bearer ${login.uaaToken}`, organization: organization.guid }
  const answer = await fetch(`${registry}/api/v1/tokens${path}`, { method, headers: { ...usual, ...headers } })
  return { status: answer.status, body: await answer.json() }
}

function claims(token: string): Json {
  const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
  expect(header).toBe('{"alg":"HS256","typ":"JWT"}')
  return JSON.parse(payload ?? '')
}

it('mints a permanent token: an id of version 5, the host, no expiry', async () => {
  await using environment = await startFakeIbm()
  const { status, body } = await ask(environment, 'POST', '?permanent=true&description=mine')
  expect(status).toBe(200)
  expect(Object.keys(body)).toEqual(['token'])
  expect(claims(body.token)).toEqual({
    jti: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    iss: environment.registryHost,
  })
  expect(environment.tokens()).toEqual([
    {
      id: claims(body.token).jti,
      value: body.token,
      description: 'mine',
      organization: environment.organization.guid,
      permanent: true,
      write: false,
      revoked: false,
    },
  ])
})

it('mints a token for a day', async () => {
  await using environment = await startFakeIbm()
  const { body } = await ask(environment, 'POST', '')
  const [token] = environment.tokens()
  expect(token?.permanent).toBe(false)
  expect(claims(body.token).exp).toBe((token?.expiresAt?.getTime() ?? 0) / 1000)
  expect(claims(body.token).exp - Date.now() / 1000).toSatisfy((left: number) => left > 86_000 && left <= 86_400)
})

it('keeps permanent and write apart', async () => {
  await using environment = await startFakeIbm()
  for (const permanent of [true, false]) {
    for (const write of [true, false]) {
      await ask(environment, 'POST', `?permanent=${permanent}&write=${write}`)
      expect(environment.tokens().at(-1)).toMatchObject({ permanent, write })
    }
  }
})

it('lists the living tokens of one organization, the description as secondary_owner', async () => {
  await using environment = await startFakeIbm()
  const kept = environment.mintToken({ description: 'kept' })
  const gone = environment.mintToken({ description: 'gone' })
  environment.mintToken({ organization: otherOrganization.guid })
  environment.revokeToken(gone.id)
  const { body } = await ask(environment, 'GET', '')
  const listed = { _id: kept.id, owner: environment.organization.guid, token: kept.value }
  expect(body).toEqual({ tokens: [{ ...listed, secondary_owner: 'kept', readonly: true }] })
})

it('forgets a token when it expires', async () => {
  await using environment = await startFakeIbm({ switches: { registryTokenLifetime: -1 } })
  await ask(environment, 'POST', '')
  expect((await ask(environment, 'GET', '')).body).toEqual({ tokens: [] })
  expect([environment.tokens().length, environment.liveTokens().length]).toEqual([1, 0])
})

it('gives a token by its id, and revokes it', async () => {
  await using environment = await startFakeIbm()
  const { id, value } = environment.mintToken()
  expect(await ask(environment, 'GET', `/${id}`)).toEqual({ status: 200, body: { token: value } })
  expect((await ask(environment, 'DELETE', `/${id}`)).status).toBe(200)
  expect((await ask(environment, 'GET', `/${id}`)).status).toBe(404)
  expect((await ask(environment, 'DELETE', `/${id}`)).status).toBe(404)
  expect(environment.liveTokens()).toEqual([])
})

it('knows no token of another organization by its id', async () => {
  await using environment = await startFakeIbm()
  const theirs = environment.mintToken({ organization: otherOrganization.guid })
  expect((await ask(environment, 'GET', `/${theirs.id}`)).status).toBe(404)
  expect((await ask(environment, 'DELETE', `/${theirs.id}`)).status).toBe(404)
  expect(environment.liveTokens()).toEqual([theirs])
  const headers = { organization: otherOrganization.guid }
  expect(await ask(environment, 'GET', `/${theirs.id}`, headers)).toMatchObject({ body: { token: theirs.value } })
})

it('revokes by description, and everything without one', async () => {
  await using environment = await startFakeIbm()
  for (const description of ['a', 'a', 'b', undefined]) environment.mintToken({ description })
  const other = environment.mintToken({ organization: otherOrganization.guid })
  await ask(environment, 'DELETE', '?secondaryOwner=a')
  expect(environment.liveTokens().map(({ description }) => description)).toEqual(['b', undefined, undefined])
  await ask(environment, 'DELETE', '?secondaryOwner=')
  expect(environment.liveTokens()).toEqual([other])
})

it.each(['', '/'])('takes DELETE /api/v1/tokens%s for all of them', async (path) => {
  await using environment = await startFakeIbm()
  environment.mintToken({ description: 'a' })
  await ask(environment, 'DELETE', path)
  expect(environment.liveTokens()).toEqual([])
})

it('says 410 once minting is discontinued, and still lists', async () => {
  await using environment = await startFakeIbm({ switches: { discontinued: true } })
  const { status, body } = await ask(environment, 'POST', '?permanent=true')
  expect(status).toBe(410)
  expect(body).toEqual({
    code: 'CRT0002E',
    message: expect.stringMatching(/^The creation of registry tokens is discontinued\./),
    'request-id': expect.any(String),
  })
  expect((await ask(environment, 'GET', '')).status).toBe(200)
})

it.each([
  ['a foreign organization', { organization: foreignOrganization.guid }, 'CRG0009E'],
  ['an unknown organization', { organization: 'nobody' }, 'CRG0009E'],
  ['no organization', { organization: '' }, 'CRG0009E'],
  ['another token', { authorization: 'Bearer a.b.c' }, 'CRG0014E'],
])('refuses %s', async (_, headers, code) => {
  await using environment = await startFakeIbm()
  expect(await ask(environment, 'POST', '', headers)).toMatchObject({ status: 401, body: { code } })
  expect(environment.tokens()).toEqual([])
})
