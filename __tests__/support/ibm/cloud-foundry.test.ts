import { expect, it } from 'vitest'
import { type FakeIbm, startFakeIbm } from './environment.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON whose shape is what the tests assert
type Json = any

async function get({ api }: FakeIbm, path: string, token?: string): Promise<{ status: number; body: Json }> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `bearer ${token}` }
  const answer = await fetch(new URL(path, api), { headers })
  return { status: answer.status, body: await answer.json() }
}

/** The names on all pages. */
async function names(environment: FakeIbm, first: string): Promise<string[]> {
  const names: string[] = []
  for (let path: string | null = first; path !== null; ) {
    const { body } = await get(environment, path, environment.login.uaaToken)
    names.push(...body.resources.map((one: Json) => one.name ?? one.entity.name))
    path = body.pagination ? (body.pagination.next?.href ?? null) : body.next_url
  }
  return names
}

it.each([
  ['on', 200, { support: expect.any(String), api_version: '2.106.0' }],
  ['off', 200, { support: 'CF API v2 is disabled', api_version: '' }],
  ['absent', 404, { code: 10000, error_code: 'CF-NotFound' }],
] as const)('describes itself with v2 %s', async (v2, status, body) => {
  await using environment = await startFakeIbm({ switches: { v2 } })
  const answer = await get(environment, '/v2/info')
  expect(answer).toMatchObject({ status, body })
  if (status === 200) expect(answer.body.authorization_endpoint).toBe(environment.uaa)
})

it('links its login server from the root, among links that are null', async () => {
  await using environment = await startFakeIbm()
  const { body } = await get(environment, '/')
  expect(body.links).toMatchObject({ login: { href: environment.uaa }, credhub: null, routing: null })
  expect(body.links.cloud_controller_v2.href).toBe(`${environment.api}/v2`)

  environment.switches.v2 = 'off'
  expect((await get(environment, '/')).body.links).not.toHaveProperty('cloud_controller_v2')
})

it.each(['v2', 'v3'])('refuses a missing and an ended token with the message of %s', async (version) => {
  await using environment = await startFakeIbm({ switches: { accessTokenLifetime: -1 } })
  const path = `/${version}/organizations`
  const missing = await get(environment, path)
  const ended = await get(environment, path, environment.login.uaaToken)
  expect([missing.status, ended.status]).toEqual([401, 401])
  const [none, old] = version === 'v2' ? [missing.body, ended.body] : [missing.body.errors[0], ended.body.errors[0]]
  expect(none).toMatchObject({ code: 10002, [version === 'v2' ? 'error_code' : 'title']: 'CF-NotAuthenticated' })
  expect(old).toMatchObject({ code: 1000, [version === 'v2' ? 'error_code' : 'title']: 'CF-InvalidAuthToken' })
})

it.each([
  ['platform%20team', ['Platform Team']],
  ['Foreign%20Team', []],
  ['a,b', ['a', 'b']],
  ['a%252Cb', ['a,b']],
  ['100%2525', ['100%']],
  ['50%252525', ['50%25']],
  ['plus%252Bplus', ['plus+plus']],
  ['case', ['Case', 'CASE']],
])('finds organizations by v3: names=%s', async (query, found) => {
  await using environment = await startFakeIbm()
  expect(await names(environment, `/v3/organizations?names=${query}`)).toEqual(found)
})

it.each([
  ['name:platform%20team', ['Platform Team']],
  ['name:Foreign%20Team', []],
  ['name:a,b', ['a,b']],
  ['name:x;;y', ['x;y']],
  ['name:100%25', ['100%']],
  ['name:twin', ['twin', 'twin']],
])('finds organizations by v2: q=%s', async (query, found) => {
  await using environment = await startFakeIbm()
  expect(await names(environment, `/v2/organizations?q=${query}`)).toEqual(found)
})

it.each([1, 2])('cuts lists into pages of %i', async (pageSize) => {
  await using environment = await startFakeIbm({ switches: { pageSize } })
  const v3 = await get(environment, '/v3/organizations?names=case&per_page=100', environment.login.uaaToken)
  const v2 = await get(environment, '/v2/organizations?q=name:twin', environment.login.uaaToken)

  expect(v3.body.pagination).toMatchObject({ total_results: 2, total_pages: 2 / pageSize, previous: null })
  expect(v3.body.pagination.next?.href.startsWith(`${environment.api}/v3/organizations?`) ?? false).toBe(pageSize === 1)
  expect(v2.body).toMatchObject({ total_results: 2, total_pages: 2 / pageSize, prev_url: null })
  expect(v2.body.next_url?.startsWith('/v2/organizations?') ?? false).toBe(pageSize === 1)
  expect(await names(environment, '/v3/organizations?names=case')).toEqual(['Case', 'CASE'])
  expect(await names(environment, '/v2/organizations?q=name:twin')).toEqual(['twin', 'twin'])
})

it('names GUID and region of the two twins in v2', async () => {
  await using environment = await startFakeIbm()
  const { body } = await get(environment, '/v2/organizations?q=name:twin', environment.login.uaaToken)
  const [first, second] = body.resources
  expect([first.entity.region, second.entity.region]).toEqual(['us-south', 'eu-gb'])
  expect(first.metadata.guid).not.toBe(second.metadata.guid)
})

it.each([
  ['/v2/organizations', { v2: 'off' as const }, { code: 10000, error_code: 'CF-NotFound' }],
  ['/v3/organizations', { v3: false }, { errors: [{ code: 10000, title: 'CF-NotFound' }] }],
])('does not know %s when it is switched off', async (path, switches, body) => {
  await using environment = await startFakeIbm({ switches })
  expect(await get(environment, path, environment.login.uaaToken)).toMatchObject({ status: 404, body })
})

it.each([
  ['/v2/organizations?q=colour:red', { code: 10005, error_code: 'CF-BadQueryParameter' }],
  ['/v2/organizations?q=name:x;y', { code: 10005, error_code: 'CF-BadQueryParameter' }],
  ['/v3/organizations?per_page=5001', { errors: [{ code: 10005, title: 'CF-BadQueryParameter' }] }],
])('refuses %s', async (path, body) => {
  await using environment = await startFakeIbm()
  expect(await get(environment, path, environment.login.uaaToken)).toMatchObject({ status: 400, body })
})
