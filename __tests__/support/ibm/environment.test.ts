import { expect, it } from 'vitest'
import { startFakeIbm } from './environment.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON whose shape is what the test assumes
const json = async (answer: Promise<Response>): Promise<any> => (await answer).json()

it('leads the way of the document, from login to pull, and writes it down', async () => {
  await using environment = await startFakeIbm()
  const { api, registry, login, organization, journal } = environment
  expect(journal).toEqual([])
  expect(environment.tokens()).toEqual([])

  const { authorization_endpoint } = await json(fetch(`${api}/v2/info`))
  const { access_token } = await json(
    fetch(`${authorization_endpoint}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('cf:')}` },
      body: new URLSearchParams({ grant_type: 'password', username: login.username, password: login.password }),
    }),
  )
  const authorization = `Bearer ${access_token}`
  const names = encodeURIComponent(organization.name)
  const { resources } = await json(fetch(`${api}/v3/organizations?names=${names}`, { headers: { authorization } }))
  expect(resources).toMatchObject([{ guid: organization.guid }])
  const headers = { authorization, organization: organization.guid }
  const { token } = await json(fetch(`${registry}/api/v1/tokens?permanent=true`, { method: 'POST', headers }))

  expect(environment.liveTokens()).toMatchObject([{ value: token, permanent: true, write: false }])
  expect(await environment.pullsWith('token', token)).toBe(200)
  expect(journal.map(({ server, method, path, status }) => `${server} ${method} ${path} ${status}`)).toEqual([
    'cf GET /v2/info 200',
    'uaa POST /UAALoginServerWAR/oauth/token 200',
    'cf GET /v3/organizations 200',
    'tokens POST /api/v1/tokens 200',
    'registry GET /v2/team/app/manifests/1 401',
    'realm GET /oauth/token 200',
    'registry GET /v2/team/app/manifests/1 200',
  ])
})

it('records requests for paths that are not served', async () => {
  await using environment = await startFakeIbm()
  const { api, uaa, registry } = environment
  for (const url of [`${api}/v2/apps`, `${uaa}/login`, `${registry}/api/v1/namespaces`]) {
    expect((await fetch(url)).status).toBe(404)
  }
  expect(environment.journal.map(({ server, path }) => [server, path])).toEqual([
    ['cf', '/v2/apps'],
    ['uaa', '/UAALoginServerWAR/login'],
    ['registry', '/api/v1/namespaces'],
  ])
})
