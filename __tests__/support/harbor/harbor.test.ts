// The fake Harbor behaves as the sources of Harbor say.
import { describe, expect, it } from 'vitest'
import { describeReal } from '../describe-real.ts'
import { startDockerRegistry } from '../registry/docker-registry.ts'
import { type FakeHarbor, startFakeHarbor } from './environment.ts'
import type { Permission } from './robot-store.ts'

interface Login {
  readonly username: string
  readonly password: string
}

async function call(harbor: FakeHarbor, login: Login | undefined, line: string, body?: unknown) {
  const [method = '', path = ''] = line.split(' ')
  const basic = login && `Basic ${btoa(`${login.username}:${login.password}`)}`
  const response = await fetch(harbor.url + path, {
    method,
    headers: { ...(basic && { authorization: basic }), 'x-is-resource-name': 'true' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts its shape
  const json: any = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
  return { status: response.status, headers: response.headers, json, code: json.errors?.[0]?.code }
}

const pull = { resource: 'repository', action: 'pull' }
const manage = ['create', 'read', 'list', 'delete'].map((action) => ({ resource: 'robot', action }))
const pullFrom = (namespace: string): Permission => ({ kind: 'project', namespace, access: [pull] })
const robot = (changes: object = {}) => ({
  name: 'ci',
  description: 'd',
  level: 'project',
  duration: -1,
  permissions: [pullFrom('team')],
  ...changes,
})
const ROBOTS = '/api/v2.0/robots'

describe('a robot account', () => {
  it('is created with a prefix and its project in the user name, and can pull from that project only', async () => {
    await using harbor = await startFakeHarbor()
    const before = Math.floor(Date.now() / 1000)
    const { status, json, headers } = await call(harbor, harbor.projectAdmin, `POST ${ROBOTS}`, robot({ duration: 2 }))
    expect([status, headers.get('location')]).toEqual([201, `${ROBOTS}/${json.id}`])
    expect(json).toMatchObject({ name: 'robot$team+ci', secret: expect.stringMatching(/^[A-Za-z\d]{32}$/) })
    expect(json.expires_at - before - 2 * 86_400).toBeLessThan(10)
    expect(await harbor.pullsWith(json.name, json.secret)).toBe(200)
    expect(await harbor.pullsWith(json.name, json.secret, harbor.otherImage)).toBe(401)
    expect(await harbor.pullsWith(json.name, 'wrong')).toBe(401)
    harbor.disableRobot(String(json.id))
    expect(await harbor.pullsWith(json.name, json.secret)).toBe(401)
  })

  it('of the system level is for several projects, or for all', async () => {
    await using harbor = await startFakeHarbor()
    harbor.switches.robotPrefix = 'bot@'
    const permissions = [pullFrom('team'), pullFrom('other')]
    const several = await call(harbor, harbor.admin, `POST ${ROBOTS}`, robot({ level: 'system', permissions }))
    const all = await call(
      harbor,
      harbor.admin,
      `POST ${ROBOTS}`,
      robot({ level: 'system', name: 'all', permissions: [pullFrom('*')] }),
    )
    expect(several.json).toMatchObject({ name: 'bot@ci', expires_at: -1 })
    for (const { name, secret } of [several.json, all.json])
      expect(await harbor.pullsWith(name, secret, harbor.otherImage)).toBe(200)
  })

  it.each([
    ['a name with a plus', robot({ name: 'a+b', duration: 0 }), 400, 'robot name is not in lower case'],
    ['no duration', robot({ duration: 0, level: 'x' }), 400, 'bad request error duration input: 0'],
    ['another level', robot({ level: 'x', permissions: [] }), 400, 'bad request error level input: x'],
    ['no permission', robot({ permissions: [] }), 400, 'bad request empty permission'],
    ['two projects', robot({ permissions: [pullFrom('team'), pullFrom('other')] }), 400, 'bad request permission'],
    [
      'an unknown permission',
      robot({ permissions: [{ ...pullFrom('team'), access: [{ resource: 'x', action: 'y' }] }] }),
      400,
      'bad request permission: x:y',
    ],
    ['no body', '', 422, 'parsing robot body'],
    ['no login', robot(), 401, 'unauthorized'],
  ])('is refused with %s, before the login is looked at', async (_, body, status, message) => {
    await using harbor = await startFakeHarbor()
    const response = await call(harbor, undefined, `POST ${ROBOTS}`, body)
    expect(response).toMatchObject({ status, json: { errors: [{ message: expect.stringContaining(message) }] } })
  })

  it('is refused to who may not create it', async () => {
    await using harbor = await startFakeHarbor()
    const post = async (body: object) => {
      const { status, code } = await call(harbor, harbor.projectAdmin, `POST ${ROBOTS}`, body)
      return [status, code]
    }
    expect(await post(robot({ permissions: [pullFrom('other')] }))).toEqual([403, 'FORBIDDEN'])
    expect(await post(robot({ permissions: [pullFrom('none')] }))).toEqual([403, 'FORBIDDEN'])
    expect(await post(robot({ level: 'system' }))).toEqual([403, 'FORBIDDEN'])
    expect(await post(robot())).toEqual([201, undefined])
    expect(await post(robot())).toEqual([409, 'CONFLICT'])
    const missing = robot({ permissions: [pullFrom('none')] })
    expect(await call(harbor, harbor.admin, `POST ${ROBOTS}`, missing)).toMatchObject({ status: 404 })
    const long = robot({ name: 'long', description: 'x'.repeat(1025) })
    expect(await call(harbor, harbor.admin, `POST ${ROBOTS}`, long)).toMatchObject({ status: 500, code: 'UNKNOWN' })
  })

  it('creates others with its own permissions', async () => {
    await using harbor = await startFakeHarbor()
    const permissions = [{ ...pullFrom('team'), access: [pull, ...manage] }]
    const creator = harbor.createRobot({ permissions })
    const login = { username: creator.username, password: creator.value }
    expect(await call(harbor, login, `POST ${ROBOTS}`, robot())).toMatchObject({ status: 201 })
    const push = [{ ...pullFrom('team'), access: [{ resource: 'repository', action: 'push' }] }]
    const denied = await call(harbor, login, `POST ${ROBOTS}`, robot({ name: 'push', permissions: push }))
    expect(denied).toMatchObject({ status: 403, code: 'DENIED' })
  })

  it('is shown and deleted by its id', async () => {
    await using harbor = await startFakeHarbor()
    const { number } = harbor.createRobot({ description: 'mine' })
    const at = (method: string, one: number | string = number) =>
      call(harbor, harbor.projectAdmin, `${method} ${ROBOTS}/${one}`)
    const { status, json } = await at('GET')
    expect(status).toBe(200)
    expect(json).toMatchObject({ id: number, description: 'mine', level: 'project' })
    expect(json).not.toHaveProperty('secret')
    expect(await at('DELETE')).toMatchObject({ status: 200, json: '' })
    expect(await at('DELETE')).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await at('GET', 'x')).toMatchObject({ status: 422 })
    expect(await call(harbor, undefined, `GET ${ROBOTS}/9`)).toMatchObject({ status: 401 })
    const system = harbor.createRobot({ name: 'system', projectId: 0 })
    expect(await at('GET', system.number)).toMatchObject({ status: 403 })
  })
})

describe('the list', () => {
  it('has the robots of one project, or the system-level ones, sorted by name', async () => {
    await using harbor = await startFakeHarbor()
    for (const name of ['team+b', 'team+a']) harbor.createRobot({ name })
    harbor.createRobot({ name: 'other+c', projectId: 3 })
    harbor.createRobot({ name: 'd', projectId: 0 })
    const names = async (q: string, login: Login = harbor.admin) => {
      const { json } = await call(harbor, login, `GET ${ROBOTS}${q}`)
      return Array.isArray(json) ? json.map(({ name }: { name: string }) => name) : json.errors[0].code
    }
    expect(await names('?q=Level%3Dproject,ProjectID%3D2')).toEqual(['robot$team+a', 'robot$team+b'])
    expect(await names('?q=Level%3Dproject,ProjectID%3D2,name%3D~AM%252BB')).toEqual(['robot$team+b'])
    expect(await names('')).toEqual(['robot$d'])
    expect(await names('?q=Unknown%3Dx')).toEqual(['robot$d'])
    expect(await names('', harbor.projectAdmin)).toBe('FORBIDDEN')
    expect(await names('?q=Level%3Dproject,ProjectID%3D3', harbor.projectAdmin)).toBe('FORBIDDEN')
    expect(await names('?q=Level%3Dproject')).toBe('BAD_REQUEST')
    expect(await names('?q=nothing')).toBe('BAD_REQUEST')
  })

  it('has pages of ten, or of up to 100, and a relative link to the next one', async () => {
    await using harbor = await startFakeHarbor()
    for (let count = 0; count < 11; count++) harbor.createRobot()
    const q = 'q=Level%3Dproject%2CProjectID%3D2'
    const first = await call(harbor, harbor.admin, `GET ${ROBOTS}?${q}`)
    expect(first.json).toHaveLength(10)
    expect(first.headers.get('x-total-count')).toBe('11')
    expect(first.headers.get('link')).toBe(`<${ROBOTS}?page=2&page_size=10&q=Level=project,ProjectID=2>; rel="next"`)
    const second = await call(harbor, harbor.admin, `GET ${ROBOTS}?${q}&page=2`)
    expect(second.json).toHaveLength(1)
    expect(second.headers.get('link')).toContain('rel="prev"')
    expect(await call(harbor, harbor.admin, `GET ${ROBOTS}?${q}&page_size=101`)).toMatchObject({ status: 422 })
  })
})

describe('a login', () => {
  it('that is wrong counts as anonymous', async () => {
    await using harbor = await startFakeHarbor()
    const wrong = { username: 'jo', password: 'wrong' }
    const statusOf = async (login: Login | undefined, path: string) => (await call(harbor, login, `GET ${path}`)).status
    expect(await statusOf(wrong, '/api/v2.0/projects/library')).toBe(200)
    expect(await statusOf(wrong, '/api/v2.0/projects/team')).toBe(401)
    expect(await statusOf(harbor.projectAdmin, '/api/v2.0/projects/other')).toBe(403)
    expect(await statusOf(harbor.admin, '/api/v2.0/projects/none')).toBe(404)
    expect(await statusOf(wrong, '/api/v2.0/users/current')).toBe(401)
    expect(await statusOf(harbor.projectAdmin, '/api/v2.0/users/current')).toBe(200)
    const { username, value } = harbor.createRobot()
    expect(await statusOf({ username, password: value }, '/api/v2.0/users/current')).toBe(412)
    expect(harbor.failedLogins).toEqual(['jo', 'jo', 'jo'])
  })

  it('that is wrong is refused by the token service only without a scope', async () => {
    await using harbor = await startFakeHarbor()
    const wrong = { username: 'jo', password: 'wrong' }
    const token = (query: string) => call(harbor, wrong, `GET /service/token?service=${query}`)
    expect(await token('harbor-registry')).toMatchObject({ status: 401 })
    expect(await token('harbor-registry&scope=repository:team/app:pull')).toMatchObject({ status: 200 })
    expect(await token('registry')).toMatchObject({ status: 400 })
    expect(await harbor.pullsWith('jo', 'wrong')).toBe(401)
    expect(await harbor.pullsWith('jo', 'wrong', harbor.publicImage)).toBe(200)
  })

  it('is asked for as Bearer, and as Basic when there was an Authorization header', async () => {
    await using harbor = await startFakeHarbor()
    const challenge = async (login?: Login) => (await call(harbor, login, 'GET /v2/')).headers.get('www-authenticate')
    expect(await challenge()).toBe(`Bearer realm="${harbor.url}/service/token",service="harbor-registry"`)
    expect(await challenge({ username: 'jo', password: 'wrong' })).toBe('Basic realm="harbor"')
    const manifest = await fetch(`${harbor.url}/v2/team/app/manifests/1`)
    expect(manifest.headers.get('www-authenticate')).toContain(',scope="repository:team/app:pull"')
  })
})

describeReal(['docker-registry'], 'before a real docker-registry', () => {
  it('robot accounts pull what their permissions allow', async () => {
    await using harbor = await startFakeHarbor({ startRegistry: startDockerRegistry })
    const { username, value } = harbor.createRobot()
    expect(await harbor.pullsWith(username, value)).toBe(200)
    expect(await harbor.pullsWith(username, value, harbor.otherImage)).toBe(401)
    expect(await harbor.pullsWith(username, 'wrong')).toBe(401)
  })
})
