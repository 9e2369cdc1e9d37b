import { expect, it } from 'vitest'
import { type FakeIbm, startFakeIbm } from '../ibm/environment.ts'

interface Access {
  readonly name: string
  readonly actions: readonly string[]
}

async function ask(
  { registry }: FakeIbm,
  scopes: readonly string[],
  login?: readonly [username: string, password: string],
) {
  const query = new URLSearchParams([
    ['service', 'registry'],
    ...scopes.map((scope): [string, string] => ['scope', scope]),
  ])
  const headers: Record<string, string> = login ? { authorization: `Basic ${btoa(login.join(':'))}` } : {}
  return await fetch(`${registry}/oauth/token?${query}`, { headers })
}

async function accessIn(answer: Response): Promise<readonly Access[]> {
  expect(answer.status).toBe(200)
  const { token, access_token, expires_in, issued_at } = (await answer.json()) as Record<string, string>
  expect(access_token).toBe(token)
  expect([typeof expires_in, Number.isNaN(Date.parse(issued_at ?? ''))]).toEqual(['number', false])
  const [header = {}, claims = {}] = (token ?? '')
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  expect(header).toEqual({ alg: 'RS256', typ: 'JWT', x5c: [expect.any(String)] })
  expect(Object.keys(claims).sort()).toEqual(['access', 'aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'sub'])
  return claims.access
}

it.each([
  [false, ['pull']],
  [true, ['pull', 'push']],
])('cuts the scopes down to the token (write: %s) and to its namespaces', async (write, actions) => {
  await using environment = await startFakeIbm()
  const { value } = environment.mintToken({ write })
  const scopes = ['repository:team/app:pull,push,delete', 'repository:other/app:pull repository:team/new:pull']
  expect(await accessIn(await ask(environment, scopes, ['token', value]))).toEqual([
    { type: 'repository', name: 'team/app', actions },
    { type: 'repository', name: 'team/new', actions: ['pull'] },
  ])
})

it('gives a token without any access for an unknown namespace', async () => {
  await using environment = await startFakeIbm()
  const { value } = environment.mintToken()
  expect(await accessIn(await ask(environment, ['repository:nobody/app:pull'], ['token', value]))).toEqual([])
})

it('allows anonymous pulls of public images, and of no others', async () => {
  await using environment = await startFakeIbm()
  const scopes = ['repository:public/app:pull,push', 'repository:team/app:pull']
  expect(await accessIn(await ask(environment, scopes))).toEqual([
    { type: 'repository', name: 'public/app', actions: ['pull'] },
  ])
})

it('takes the OAuth2 form, as containerd sends it first', async () => {
  await using environment = await startFakeIbm()
  const form = (password: string) =>
    new URLSearchParams({
      grant_type: 'password',
      service: 'registry',
      client_id: 'containerd-client',
      scope: 'repository:team/app:pull',
      username: 'token',
      password,
    })
  const post = (password: string) =>
    fetch(`${environment.registry}/oauth/token`, { method: 'POST', body: form(password) })
  expect(await accessIn(await post(environment.mintToken().value))).toHaveLength(1)
  expect((await post('wrong')).status).toBe(401)
})

it("refuses a wrong, a revoked and an expired token with IBM's messages", async () => {
  await using environment = await startFakeIbm({ switches: { registryTokenLifetime: -1 } })
  const revoked = environment.mintToken()
  environment.revokeToken(revoked.id)
  const ended = environment.mintToken({ permanent: false })
  for (const password of ['wrong', revoked.value, ended.value]) {
    const answer = await ask(environment, [], ['token', password])
    expect(answer.status).toBe(401)
    const message = 'The login credentials are not valid, or your IBM Cloud account is not active.'
    expect(await answer.json()).toEqual({ errors: [{ code: 'UNAUTHORIZED', message }] })
  }
})

it.each(['iambearer', 'Token', ''])('does not know the user name "%s"', async (username) => {
  await using environment = await startFakeIbm()
  const answer = await ask(environment, [], [username, environment.mintToken().value])
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({
    errors: [{ code: 'UNSUPPORTED', message: expect.stringContaining('authentication method is not supported') }],
  })
})

it('can hear of a new token a little late', async () => {
  await using environment = await startFakeIbm({ switches: { acceptAfter: 2 } })
  const { value } = environment.mintToken()
  const statuses: number[] = []
  for (let attempt = 0; attempt < 4; attempt++) statuses.push((await ask(environment, [], ['token', value])).status)
  expect(statuses).toEqual([401, 401, 200, 200])
})
